"""The guard on links to a next page: same origin, not seen before, not without end."""

from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

from lms_sync.sources.http.answer import Failure, HttpError, WebAnswer
from lms_sync.sources.http.endpoint import Endpoint, is_of_origin


@dataclass(slots=True)
class Trail:
    """The pages of one listing that were read, so that none is read twice."""

    endpoint: Endpoint
    _seen: set[str] = field(default_factory=set)

    def follow(self, link: str, page: WebAnswer) -> str:
        """Return the whole URL of a page's link to the next; a relative link counts from the page's own URL.

        Raises: HttpError (`Failure.PAGING`) for a link to another origin or to a page that was read, and beyond
        `limits.pages`.
        """
        self._seen.add(page.url)
        url = self._resolved(link, page)
        if url in self._seen:
            raise self._refused(page, "to a page that was read already")
        if len(self._seen) >= self.endpoint.limits.pages:
            raise self._refused(page, f"beyond the {self.endpoint.limits.pages:,} pages that one listing may have")
        self._seen.add(url)
        return url

    def _resolved(self, link: str, page: WebAnswer) -> str:
        try:
            url = urldefrag(urljoin(page.url, link)).url
            parts = urlsplit(url)
        except ValueError:
            raise self._refused(page, "to what is no address") from None
        # A user in the link would replace our own sign-in.
        if not is_of_origin(url, self.endpoint.origin) or parts.username is not None:
            raise self._refused(page, f"to another host, {parts.scheme}://{parts.hostname}")
        return url

    def _refused(self, page: WebAnswer, where: str) -> HttpError:
        return HttpError(
            Failure.PAGING,
            f"source {self.endpoint.source}: {page.place} links its next page {where}; it was not followed",
            hint="Nothing of this pull was kept. If the server calls itself otherwise than url does, correct url.",
            answer=page,
        )
