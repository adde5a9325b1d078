"""Sheets in the shapes of many products, written before the program had seen any of them; made-up people only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lms_sync.tables.cells import Block, Row, Sheet, Value


@dataclass(frozen=True, slots=True)
class Unseen:
    """One sheet, and how a careful person reads it."""

    name: str
    rows: Sequence[Sequence[Value]]
    roles: Mapping[str, str]
    """Role → the heading of its column (that of the last row of a header of two)."""
    done: frozenset[int] = frozenset()
    """The numbers of the rows that tell of a completion; every other one must not become one."""
    day_order: str = ""
    merged: tuple[Block, ...] = field(default=())

    def sheets(self) -> tuple[Sheet, ...]:
        """Return the file's one sheet."""
        rows = tuple(
            Row(number, tuple(None if cell == "" else cell for cell in row))
            for number, row in enumerate(self.rows, start=1)
            if any(cell not in (None, "") for cell in row)
        )
        return (Sheet("", hidden=False, rows=rows, merged=self.merged),)


ROSTER_IDS = ("00417", "00418", "00419", "00420")
ROSTER_EMAILS = tuple(f"{name}@heron.example.org" for name in ("ana.reyes", "bo.lee", "cy.roe", "dee.amari"))
MAP_TITLES = ("Trauma-Informed Approaches", "De-Escalation Basics", "FERPA for Safety Staff", "HB 1214 Unit 4")
MAP_CODES = ("SSS-04", "SSS-10", "SSS-12")
ANA, BO, CY, DEE = ROSTER_EMAILS

UNSEEN = (
    Unseen(
        "cornerstone",
        (
            (
                *("User - User ID", "User - User Full Name", "User - User Email", "Training - Training Title"),
                *("Transcript - Transcript Status", "Transcript - Transcript Completed Date"),
                *("Transcript - Transcript Registration Date", "Training - Training Hours"),
            ),
            ("00417", "Ana Reyes", ANA, "Trauma-Informed Approaches", "Completed", "9/17/2025", "8/1/2025", 2),
            ("00418", "Bo Lee", BO, "Trauma-Informed Approaches", "In Progress", "", "8/1/2025", 2),
            ("00419", "Cy Roe", CY, "De-Escalation Basics", "Registered", "", "8/2/2025", 3),
            ("00420", "Dee Amari", DEE, "De-Escalation Basics", "Completed (Equivalent)", "9/20/2025", "8/3/2025", 3),
        ),
        {
            "person_id": "User - User ID",
            "name": "User - User Full Name",
            "email": "User - User Email",
            "course_title": "Training - Training Title",
            "status": "Transcript - Transcript Status",
            "completed_on": "Transcript - Transcript Completed Date",
            "hours": "Training - Training Hours",
        },
        frozenset({2}),
    ),
    Unseen(
        "successfactors",
        (
            ("Item Status Report",),
            (),
            (
                *("User ID", "Last Name", "First Name", "Item ID", "Item Title", "Completion Date"),
                *("Completion Status", "Revision Date", "Total Hours"),
            ),
            (
                "areyes",
                "Reyes",
                "Ana",
                "SSS-04",
                "HB 1214 Unit 4",
                "9/17/2025 10:05 AM",
                "COURSE-COMP",
                "1/2/2024",
                1,
            ),
            ("blee", "Lee", "Bo", "SSS-04", "HB 1214 Unit 4", "9/18/2025 11:05 AM", "COURSE-FAIL", "1/2/2024", 1),
            (
                "croe",
                "Roe",
                "Cy",
                "SSS-10",
                "De-Escalation Basics",
                "9/19/2025 3:00 PM",
                "COURSE-COMP",
                "1/2/2024",
                1,
            ),
        ),
        {
            "learner": "User ID",
            "last_name": "Last Name",
            "first_name": "First Name",
            "course": "Item ID",
            "course_title": "Item Title",
            "completed_on": "Completion Date",
            "status": "Completion Status",
            "hours": "Total Hours",
        },
        frozenset({4, 6}),
    ),
    Unseen(
        "litmos",
        (
            (
                *("First Name", "Last Name", "Username", "Email", "Course Title", "Course Code", "% Complete"),
                *("Completed", "Date Completed", "Assigned Date"),
            ),
            ("Ana", "Reyes", "areyes", ANA, "HB 1214 Unit 4", "SSS-04", 100, "Yes", "2025-09-17", "2025-08-01"),
            ("Bo", "Lee", "blee", BO, "HB 1214 Unit 4", "SSS-04", 40, "No", "", "2025-08-01"),
            ("Cy", "Roe", "croe", CY, "De-Escalation Basics", "SSS-10", 100, "No", "2025-09-18", "2025-08-01"),
        ),
        {
            "first_name": "First Name",
            "last_name": "Last Name",
            "learner": "Username",
            "email": "Email",
            "course_title": "Course Title",
            "course": "Course Code",
            "status": "Completed",
            "completed_on": "Date Completed",
        },
        frozenset({2}),
    ),
    Unseen(
        "absorb",
        (
            (
                *("Learner Name", "Username", "Department", "Course", "Enrollment Status", "Progress", "Score"),
                *("Date Enrolled", "Date Completed"),
            ),
            (
                "Reyes, Ana",
                "areyes",
                "Heron PD",
                "FERPA for Safety Staff",
                "Complete",
                "100%",
                "92%",
                "8/1/2025",
                "9/17/2025",
            ),
            (
                "Lee, Bo",
                "blee",
                "Heron PD",
                "FERPA for Safety Staff",
                "Failed",
                "100%",
                "40%",
                "8/1/2025",
                "9/18/2025",
            ),
            ("Roe, Cy", "croe", "Heron PD", "FERPA for Safety Staff", "Not Started", "0%", "", "8/1/2025", ""),
        ),
        {
            "name": "Learner Name",
            "learner": "Username",
            "employer": "Department",
            "course_title": "Course",
            "status": "Enrollment Status",
            "score": "Score",
            "completed_on": "Date Completed",
        },
        frozenset({2}),
    ),
    Unseen(
        "workday",
        (
            ("Learning Completions",),
            (
                *("Worker", "Employee ID", "Learning Content", "Registration Status", "Completion Status"),
                *("Completion Date", "Expiration Date"),
            ),
            (
                "Ana Reyes",
                "00417",
                "De-Escalation Basics",
                "Enrolled",
                "Completed",
                date(2025, 9, 17),
                date(2026, 9, 17),
            ),
            ("Bo Lee", "00418", "De-Escalation Basics", "Dropped", "Not Started", "", ""),
            ("Cy Roe", "00419", "De-Escalation Basics", "Enrolled", "In Progress", "", ""),
        ),
        {
            "name": "Worker",
            "person_id": "Employee ID",
            "course_title": "Learning Content",
            "status": "Completion Status",
            "completed_on": "Completion Date",
        },
        frozenset({3}),
    ),
    Unseen(
        "talentlms",
        (
            ("User", "Email", "Course", "Progress status", "Average score", "Completed on", "Time"),
            ("A. Reyes", ANA, "De-Escalation Basics", "Passed", "85%", "17/09/2025", "1h 20m"),
            ("B. Lee", BO, "De-Escalation Basics", "Not passed", "35%", "18/09/2025", "1h 2m"),
            ("C. Roe", CY, "De-Escalation Basics", "Not attempted", "", "", ""),
        ),
        {
            "name": "User",
            "email": "Email",
            "course_title": "Course",
            "status": "Progress status",
            "score": "Average score",
            "completed_on": "Completed on",
        },
        frozenset({2}),
    ),
    Unseen(
        "powerdms",
        (
            ("Employee", "Employee Number", "Site", "Training", "Assigned On", "Due On", "Finished On", "Outcome"),
            (
                "Reyes, Ana",
                "00417",
                "Heron",
                "FERPA for Safety Staff",
                "08/01/2025",
                "10/01/2025",
                "09/17/2025",
                "Pass",
            ),
            (
                "Lee, Bo",
                "00418",
                "Heron",
                "FERPA for Safety Staff",
                "08/01/2025",
                "10/01/2025",
                "09/18/2025",
                "Did not pass",
            ),
        ),
        {
            "name": "Employee",
            "person_id": "Employee Number",
            "employer": "Site",
            "course_title": "Training",
            "completed_on": "Finished On",
            "status": "Outcome",
        },
        frozenset({2}),
    ),
    Unseen(
        "acadis-transcript",
        (
            (
                "Person",
                "Academy ID",
                "Course No.",
                "Course Name",
                "Class Start",
                "Class End",
                "Hours",
                "Grade",
                "Passed?",
            ),
            ("Reyes, Ana", 48812, "0681", "De-Escalation Basics", "09-Sep-2025", "12-Sep-2025", 16, "A", "Y"),
            ("Lee, Bo", 48813, "0681", "De-Escalation Basics", "09-Sep-2025", "12-Sep-2025", 16, "F", "N"),
            ("Roe, Cy", 48814, "0681", "De-Escalation Basics", "09-Sep-2025", "12-Sep-2025", 16, "W", "N"),
        ),
        {
            "name": "Person",
            "learner": "Academy ID",
            "course": "Course No.",
            "course_title": "Course Name",
            "completed_on": "Class End",
            "hours": "Hours",
            "status": "Passed?",
        },
        frozenset({2}),
    ),
    Unseen(
        "docebo",
        (
            (
                *("Username", "Full Name", "Course Code", "Course Name", "Enrollment Date (UTC)"),
                *("Course Completion Date (UTC)", "Enrollment Status", "Final Score", "Credits (CEUs)"),
            ),
            (
                "areyes",
                "Ana Reyes",
                "SSS-10",
                "De-Escalation Basics",
                "2025-08-01 10:00:00",
                "2025-09-17 17:00:00",
                "Completed",
                90,
                1,
            ),
            ("blee", "Bo Lee", "SSS-10", "De-Escalation Basics", "2025-08-01 10:00:00", "", "Subscribed", "", 1),
            ("croe", "Cy Roe", "SSS-10", "De-Escalation Basics", "2025-08-01 10:00:00", "", "Suspended", "", 1),
        ),
        {
            "learner": "Username",
            "name": "Full Name",
            "course": "Course Code",
            "course_title": "Course Name",
            "completed_on": "Course Completion Date (UTC)",
            "status": "Enrollment Status",
            "score": "Final Score",
        },
        frozenset({2}),
    ),
    Unseen(
        "google-form",
        (
            (
                *("Timestamp", "Email Address", "What is your full name (first and last)?"),
                *("Which training did you attend?", "On what date did you finish the training?"),
                "Did you complete all of the modules?",
            ),
            ("9/30/2025 9:14:02", ANA, "Ana Reyes", "De-Escalation Basics", "9/17/2025", "Yes"),
            ("9/30/2025 9:20:40", BO, "Bo Lee", "De-Escalation Basics", "9/18/2025", "No, I had to leave early"),
        ),
        {
            "email": "Email Address",
            "name": "What is your full name (first and last)?",
            "course_title": "Which training did you attend?",
            "completed_on": "On what date did you finish the training?",
            "status": "Did you complete all of the modules?",
        },
        frozenset({2}),
    ),
    Unseen(
        "spanish",
        (
            ("Nombre", "Apellidos", "Correo electrónico", "Curso", "Fecha de finalización", "Estado", "Calificación"),
            ("Ana", "Reyes", ANA, "De-Escalation Basics", "17/09/2025", "Completado", "90"),
            ("Bo", "Lee", BO, "De-Escalation Basics", "", "No iniciado", ""),
            ("Cy", "Roe", CY, "De-Escalation Basics", "18/09/2025", "Reprobado", "20"),
        ),
        {
            "first_name": "Nombre",
            "last_name": "Apellidos",
            "email": "Correo electrónico",
            "course_title": "Curso",
            "completed_on": "Fecha de finalización",
            "status": "Estado",
            "score": "Calificación",
        },
        frozenset({2}),
    ),
    Unseen(
        "french",
        (
            ("Matricule", "Nom", "Prénom", "Courriel", "Formation", "Terminé le", "Statut"),
            ("00417", "Reyes", "Ana", ANA, "De-Escalation Basics", "17/09/2025", "Terminé"),
            ("00418", "Lee", "Bo", BO, "De-Escalation Basics", "", "En cours"),
        ),
        {
            "person_id": "Matricule",
            "last_name": "Nom",
            "first_name": "Prénom",
            "email": "Courriel",
            "course_title": "Formation",
            "completed_on": "Terminé le",
            "status": "Statut",
        },
        frozenset({2}),
    ),
    Unseen(
        "two-row-header",
        (
            ("Employee", "", "", "Training", "", ""),
            ("No.", "Last", "First", "Title", "Finished", "Result"),
            ("00417", "Reyes", "Ana", "De-Escalation Basics", date(2025, 9, 17), "Satisfactory"),
            ("00418", "Lee", "Bo", "De-Escalation Basics", date(2025, 9, 18), "Unsatisfactory"),
        ),
        {
            "person_id": "No.",
            "last_name": "Last",
            "first_name": "First",
            "course_title": "Title",
            "completed_on": "Finished",
            "status": "Result",
        },
        frozenset({3}),
        merged=(Block(1, 0, 1, 2), Block(1, 3, 1, 5)),
    ),
    Unseen(
        "gradebook",
        (
            (
                "Student",
                "SIS User ID",
                "Section",
                "Trauma Quiz (1234)",
                "De-escalation Quiz (1235)",
                "FERPA Quiz (1236)",
                "Final Score",
            ),
            ("Reyes, Ana", "00417", "SSS 1", 95, 90, 88, 91),
            ("Lee, Bo", "00418", "SSS 1", 20, "", "", 20),
        ),
        {"name": "Student", "person_id": "SIS User ID"},
        frozenset(),
    ),
    Unseen(
        "class-list",
        (
            ("Heron PD: De-Escalation Basics, September 17, 2025",),
            ("Officer", "Badge #", "Agency", "Phone"),
            ("Ana Reyes", 417, "Heron PD", "555-0101"),
            ("Bo Lee", 418, "Heron PD", "555-0102"),
        ),
        {"name": "Officer", "employer": "Agency"},
        frozenset(),
    ),
    Unseen(
        "attendance",
        (
            ("Name", "E-mail", "Class", "Class date", "Present?"),
            ("Ana Reyes", ANA, "De-Escalation Basics", "9/17/2025", "Y"),
            ("Bo Lee", BO, "De-Escalation Basics", "9/17/2025", ""),
            ("Cy Roe", CY, "De-Escalation Basics", "9/17/2025", "No show"),
        ),
        {
            "name": "Name",
            "email": "E-mail",
            "course_title": "Class",
            "completed_on": "Class date",
            "status": "Present?",
        },
        frozenset({2}),
    ),
    Unseen(
        "snake-case",
        (
            ("emp_no", "learner_email", "course_title", "due_date", "completed_at", "is_completed"),
            ("00417", ANA, "De-Escalation Basics", "2025-10-01", "2025-09-17T17:00:00Z", "TRUE"),
            ("00418", BO, "De-Escalation Basics", "2025-10-01", "2025-09-18T17:00:00Z", "FALSE"),
        ),
        {
            "person_id": "emp_no",
            "email": "learner_email",
            "course_title": "course_title",
            "completed_on": "completed_at",
            "status": "is_completed",
        },
        frozenset({2}),
    ),
    Unseen(
        "matrix",
        (
            ("Emp #", "Last Name", "First Name", "Hire date", "Trauma-Informed", "De-Escalation", "FERPA", "Bias"),
            ("00417", "Reyes", "Ana", "2019-05-01", "2025-09-17", "2025-09-18", "n/a", "2025-09-20"),
            ("00418", "Lee", "Bo", "2020-05-01", "scheduled", "", "2025-09-19", "2025-09-20"),
            ("00419", "Roe", "Cy", "2021-05-01", "2025-09-17", "failed", "2025-09-19", ""),
        ),
        {"person_id": "Emp #", "last_name": "Last Name", "first_name": "First Name"},
        frozenset({2, 3, 4}),
    ),
    Unseen(
        "credentials",
        (
            ("Holder", "E-mail", "Credential", "Awarded", "Valid through", "State"),
            ("Ana Reyes", ANA, "De-Escalation Basics", "09/17/2025", "09/17/2027", "Active"),
            ("Bo Lee", BO, "De-Escalation Basics", "09/17/2022", "09/17/2024", "Revoked"),
        ),
        {
            "name": "Holder",
            "email": "E-mail",
            "course_title": "Credential",
            "completed_on": "Awarded",
            "status": "State",
        },
        frozenset({2}),
    ),
)
"""Written before the first try. `unseen_sheets_2` has two further sets, and what the first try of each gave."""
