"""The facts that the store keeps, by kind: what people wrote, recorded and decided, and what programs shipped."""

from dataclasses import dataclass

from lms_sync.model.agreement import Adoption, DutyDone, EsdRequest, FiledDocument, Hold, ReviewedPoint, SheetScan
from lms_sync.model.course_map import CourseRow, Offering
from lms_sync.model.doubt import Doubt
from lms_sync.model.due_warning import Warned
from lms_sync.model.links import Link, Merge, NameAnswer
from lms_sync.model.partner_page import Acknowledgement, PartnerLink, ReportedTraining, SharedEvidence
from lms_sync.model.readings import ReadingAccepted, RefusedRows
from lms_sync.model.received_mail import AddressDoubt, CorrectionMail, MailTaken
from lms_sync.model.roster import Agreement, Assignment, Partner, Person
from lms_sync.model.rule_change import RuleChange
from lms_sync.model.second_person import ActRequest
from lms_sync.model.sign_up import KnownSignUp
from lms_sync.model.stored.stored_type import StoredType


@dataclass(frozen=True, slots=True)
class ShippedText:
    """One text of the law, whole."""

    text: str


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """Which version of something was in force: the program, a layout, the course map."""

    version: str


PARTNER: StoredType[Partner] = StoredType("partner", Partner, id_field="partner_id")
AGREEMENT: StoredType[Agreement] = StoredType("agreement", Agreement, id_field="agreement_id")
PERSON: StoredType[Person] = StoredType("person", Person, id_field="person_id")
ASSIGNMENT: StoredType[Assignment] = StoredType("assignment", Assignment)
COURSE: StoredType[CourseRow] = StoredType("course", CourseRow)
OFFERING: StoredType[Offering] = StoredType("offering", Offering, id_field="offering_id")
LINK: StoredType[Link] = StoredType("link", Link)
MERGE: StoredType[Merge] = StoredType("merge", Merge)
LAW: StoredType[ShippedText] = StoredType("law", ShippedText)
VERSION: StoredType[KnownVersion] = StoredType("version", KnownVersion)
MAP_VERSION: StoredType[KnownVersion] = StoredType("map version", KnownVersion)
DOCUMENT: StoredType[FiledDocument] = StoredType("document", FiledDocument)
REQUEST: StoredType[EsdRequest] = StoredType("request", EsdRequest)
POINT: StoredType[ReviewedPoint] = StoredType("review", ReviewedPoint)
ADOPTION: StoredType[Adoption] = StoredType("adoption", Adoption)
DUTY: StoredType[DutyDone] = StoredType("duty", DutyDone)
NAME_ANSWER: StoredType[NameAnswer] = StoredType("name answer", NameAnswer)
HOLD: StoredType[Hold] = StoredType("hold", Hold)
DOUBT: StoredType[Doubt] = StoredType("doubt", Doubt)
REFUSED_ROWS: StoredType[RefusedRows] = StoredType("refused rows", RefusedRows)
READING_ACCEPTED: StoredType[ReadingAccepted] = StoredType("reading accepted", ReadingAccepted)
SCAN: StoredType[SheetScan] = StoredType("scan", SheetScan)
SIGN_UP: StoredType[KnownSignUp] = StoredType("sign-up", KnownSignUp)
PARTNER_LINK: StoredType[PartnerLink] = StoredType("partner link", PartnerLink)
REPORTED: StoredType[ReportedTraining] = StoredType("reported training", ReportedTraining)
ACKNOWLEDGED: StoredType[Acknowledgement] = StoredType("acknowledgement", Acknowledgement)
SHARED: StoredType[SharedEvidence] = StoredType("shared evidence", SharedEvidence)
ACT_REQUEST: StoredType[ActRequest] = StoredType("act request", ActRequest)
RULE_CHANGE: StoredType[RuleChange] = StoredType("rule change", RuleChange)
WARNED: StoredType[Warned] = StoredType("due warning", Warned)
MAIL_TAKEN: StoredType[MailTaken] = StoredType("mail taken", MailTaken)
CORRECTION_MAIL: StoredType[CorrectionMail] = StoredType("correction mail", CorrectionMail)
ADDRESS_DOUBT: StoredType[AddressDoubt] = StoredType("address doubt", AddressDoubt)
