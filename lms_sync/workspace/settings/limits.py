"""The section [limits] of lms_sync.toml: what a night spends on what comes from outside."""

from pydantic import Field

from lms_sync.workspace.settings.section import Section


class LimitSettings(Section):
    """Sizes, and CPU time in sum. What does not fit is said, and comes the next night."""

    mail_mb: int = Field(default=20, ge=1)
    """MB of one message or returned workbook; a larger one is passed over."""
    mail_seconds: int = Field(default=60, ge=1)
    """CPU seconds for one message and what it carries."""
    mailbox_mails: int = Field(default=200, ge=1)
    """Messages of one night."""
    mailbox_minutes: int = Field(default=10, ge=1)
    """CPU minutes for all messages of one night."""
    source_minutes: int = Field(default=30, ge=1)
    """CPU minutes for one source."""
    night_minutes: int = Field(default=120, ge=1)
    """CPU minutes for all sources of one night."""

    @property
    def mail_bytes(self) -> int:
        """Return the bytes that one message may have."""
        return self.mail_mb * 1_000_000
