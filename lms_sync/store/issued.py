"""Training confirmations and training plans of agreements, as they were issued. Only a withdrawal is ever added."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from lms_sync.errors import UsageError
from lms_sync.model.author import Author
from lms_sync.model.issued import Issued
from lms_sync.store.rows import row_of, value_of
from lms_sync.store.schema import issued


@dataclass(frozen=True, slots=True)
class Issuances:
    """One district's issued documents. The caller holds the transaction of a write."""

    connection: Connection
    district_id: str

    def add(self, new: Issued, content: bytes) -> None:
        """Keep a document as issued; `content` is the exact PDF."""
        self.connection.execute(insert(issued).values(row_of(new, district_id=self.district_id, content=content)))

    def listed(self, agreement_id: str | None = None) -> tuple[Issued, ...]:
        """Return what was issued, for one agreement or for all, the oldest first."""
        ours = issued.c.district_id == self.district_id
        return self._where(ours if agreement_id is None else and_(ours, issued.c.agreement_id == agreement_id))

    def get(self, number: str) -> Issued:
        """Return one document by its number, in any case and with stray blanks.

        Raises: UsageError when there is none.
        """
        wanted = "".join(number.split()).upper()
        for document in self._where(and_(issued.c.district_id == self.district_id, issued.c.number == wanted)):
            return document
        raise UsageError(
            f"{number}: no document of this number was issued here",
            hint="`lms-sync agreements show AGREEMENT` lists those of an agreement.",
        )

    def content(self, number: str) -> bytes:
        """Return the exact PDF; empty when retention has taken it."""
        return bytes(self.connection.execute(select(issued.c.content).where(self._is(number))).scalar_one())

    def sizes(self) -> dict[str, int]:
        """Return number → how many bytes its PDF has."""
        query = select(issued.c.number, func.length(issued.c.content)).where(issued.c.district_id == self.district_id)
        return {row[0]: row[1] for row in self.connection.execute(query)}

    def withdraw(self, number: str, author: Author) -> None:
        """Record that a document is withdrawn. Raises: UsageError when it is already."""
        before = self.get(number)
        if before.withdrawn_at is not None:
            raise UsageError(
                f"{number} was withdrawn by {before.withdrawn_by}: {before.withdrawn_because}",
                hint="It stays so; issue a new one if one is needed.",
            )
        values = {"withdrawn_at": author.at, "withdrawn_by": author.by, "withdrawn_because": author.reason}
        self.connection.execute(update(issued).where(self._is(before.number)).values(**values))

    def _is(self, number: str) -> ColumnElement[bool]:
        return and_(issued.c.district_id == self.district_id, issued.c.number == number)

    def _where(self, condition: ColumnElement[bool]) -> tuple[Issued, ...]:
        columns = [column for column in issued.c if column.name not in ("district_id", "content")]
        query = select(*columns).where(condition).order_by(issued.c.issued_at, issued.c.number)
        return tuple(value_of(Issued, row) for row in self.connection.execute(query).mappings())
