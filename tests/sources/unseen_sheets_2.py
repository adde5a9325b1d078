"""More sheets, each set written after the one before it had been read right, and before its own first try."""

from datetime import date, datetime

from lms_sync.tables.cells import Block
from tests.sources.unseen_sheets import ANA, BO, Unseen

MORE = (
    Unseen(
        "failed-flag",
        (
            ("Staff No", "Full Name", "Course", "Finish Date", "Failed?"),
            ("00417", "Ana Reyes", "De-Escalation Basics", "09/17/2025", "No"),
            ("00418", "Bo Lee", "De-Escalation Basics", "09/18/2025", "Yes"),
        ),
        {
            "person_id": "Staff No",
            "name": "Full Name",
            "course_title": "Course",
            "completed_on": "Finish Date",
            "status": "Failed?",
        },
        frozenset({2}),
    ),
    Unseen(
        "ms-form",
        (
            (
                "ID",
                "Start time",
                "Completion time",
                "Email",
                "Name",
                "Your Employee ID",
                "Training completed",
                "Date of the training",
            ),
            (
                1,
                datetime(2025, 9, 30, 9, 1),
                datetime(2025, 9, 30, 9, 4),
                ANA,
                "Ana Reyes",
                417,
                "De-Escalation Basics",
                date(2025, 9, 17),
            ),
            (
                2,
                datetime(2025, 9, 30, 9, 5),
                datetime(2025, 9, 30, 9, 9),
                BO,
                "Bo Lee",
                418,
                "FERPA for Safety Staff",
                date(2025, 9, 16),
            ),
        ),
        {
            "email": "Email",
            "name": "Name",
            "person_id": "Your Employee ID",
            "course_title": "Training completed",
            "completed_on": "Date of the training",
        },
        frozenset({2, 3}),
    ),
    Unseen(
        "vector-snake",
        (
            (
                "user_id",
                "user_last_name",
                "user_first_name",
                "assignment_name",
                "assignment_due_date",
                "completion_date",
                "completion_state",
            ),
            ("00417", "Reyes", "Ana", "De-Escalation Basics", "2025-10-01", "2025-09-17", "complete"),
            ("00418", "Lee", "Bo", "De-Escalation Basics", "2025-10-01", "2025-09-20", "withdrawn"),
        ),
        {
            "person_id": "user_id",
            "last_name": "user_last_name",
            "first_name": "user_first_name",
            "course_title": "assignment_name",
            "completed_on": "completion_date",
            "status": "completion_state",
        },
        frozenset({2}),
    ),
    Unseen(
        "percent-only",
        (
            ("Name", "Work E-mail", "Course Name", "Last Activity", "% Complete"),
            ("Ana Reyes", ANA, "De-Escalation Basics", "9/17/2025", "100%"),
            ("Bo Lee", BO, "De-Escalation Basics", "9/18/2025", "60%"),
        ),
        {"name": "Name", "email": "Work E-mail", "course_title": "Course Name"},
        frozenset({2}),
    ),
    Unseen(
        "two-dates",
        (
            ("Email", "Course", "Completed", "Certified on", "Supervisor Email"),
            (ANA, "De-Escalation Basics", "9/17/2025", "9/20/2025", "chief@heron.example.org"),
            (BO, "De-Escalation Basics", "9/18/2025", "9/21/2025", "chief@heron.example.org"),
        ),
        {"email": "Email", "course_title": "Course", "completed_on": "Completed"},
        frozenset({2, 3}),
    ),
    Unseen(
        "letter-grades",
        (
            ("Student ID", "Last", "First", "Class", "End of class", "Final grade"),
            ("S-1", "Reyes", "Ana", "De-Escalation Basics", "09/17/2025", "A"),
            ("S-2", "Lee", "Bo", "De-Escalation Basics", "09/17/2025", "F"),
            ("S-3", "Roe", "Cy", "De-Escalation Basics", "09/17/2025", "W"),
        ),
        {
            "learner": "Student ID",
            "last_name": "Last",
            "first_name": "First",
            "course_title": "Class",
            "completed_on": "End of class",
            "status": "Final grade",
        },
        frozenset({2}),
    ),
    Unseen(
        "sign-in-initials",
        (
            ("De-Escalation Basics", " "),
            ("Print name", "Agency", "Date", "Sign in (initials)"),
            ("Ana Reyes", "Heron PD", "9/17/2025", "AR"),
            ("Bo Lee", "Heron PD", "9/17/2025", ""),
            ("Cy Roe", "Heron PD", "9/17/2025", "no-show"),
        ),
        {"name": "Print name", "employer": "Agency", "completed_on": "Date", "status": "Sign in (initials)"},
        frozenset({3}),
    ),
    Unseen(
        "registrations",
        (
            ("Registrant", "E-mail address", "Event", "Event date", "Registered on"),
            ("Ana Reyes", ANA, "De-Escalation Basics", "12/17/2026", "9/1/2026"),
            ("Bo Lee", BO, "De-Escalation Basics", "12/17/2026", "9/13/2026"),
        ),
        {"email": "E-mail address", "course_title": "Event"},
        frozenset(),
    ),
    Unseen(
        "matrix-checks",
        (
            ("Badge No.", "Officer", "Rank", "Trauma", "De-escalation", "FERPA", "Next review"),
            ("00417", "Reyes, Ana", "Sgt", "✓", "✓", "", "1/31/2026"),
            ("00418", "Lee, Bo", "Ofc", "", "✗", "✓", "1/31/2026"),
        ),
        {"person_id": "Badge No.", "name": "Officer"},
        frozenset(),
    ),
    Unseen(
        "credits-earned",
        (
            ("Participant Name", "Participant Email", "Program", "Program Dates", "Credit Earned", "Hours Attended"),
            ("Ana Reyes", ANA, "De-Escalation Basics", "9/17/2025", "Y", 6),
            ("Bo Lee", BO, "De-Escalation Basics", "9/17/2025", "N", 2),
        ),
        {
            "name": "Participant Name",
            "email": "Participant Email",
            "course_title": "Program",
            "completed_on": "Program Dates",
            "status": "Credit Earned",
            "hours": "Hours Attended",
        },
        frozenset({2}),
    ),
    Unseen(
        "french-scores",
        (
            ("Identifiant", "Nom et prénom", "Cours", "Date d'achèvement", "Résultat", "Note"),
            ("00417", "Reyes Ana", "De-Escalation Basics", "17/09/2025", "Réussi", "95 %"),
            ("00418", "Lee Bo", "De-Escalation Basics", "18/09/2025", "Échoué", "35 %"),
        ),
        {
            "person_id": "Identifiant",
            "name": "Nom et prénom",
            "course_title": "Cours",
            "completed_on": "Date d'achèvement",
            "status": "Résultat",
            "score": "Note",
        },
        frozenset({2}),
    ),
    Unseen(
        "two-rows-over",
        (
            ("", "Learner", "", "Course", "", "Completion", ""),
            ("Row", "ID", "E-mail", "Code", "Title", "Date", "State"),
            (1, "00417", ANA, "SSS-10", "De-Escalation Basics", "2025-09-17", "Completed"),
            (2, "00418", BO, "SSS-10", "De-Escalation Basics", "", "Enrolled"),
        ),
        {
            "person_id": "ID",
            "email": "E-mail",
            "course": "Code",
            "course_title": "Title",
            "completed_on": "Date",
            "status": "State",
        },
        frozenset({3}),
        merged=(Block(1, 1, 1, 2), Block(1, 3, 1, 4), Block(1, 5, 1, 6)),
    ),
    Unseen(
        "renewals",
        (
            ("Employee", "Emp ID", "Certification", "Issue Date", "Expiration Date", "Cert Status"),
            ("Reyes, Ana", 417, "CPI Verbal Intervention", "9/17/2025", "9/17/2027", "Current"),
            ("Lee, Bo", 418, "CPI Verbal Intervention", "9/17/2021", "9/17/2023", "Lapsed"),
        ),
        {
            "name": "Employee",
            "person_id": "Emp ID",
            "course_title": "Certification",
            "completed_on": "Issue Date",
            "status": "Cert Status",
        },
        frozenset({2}),
    ),
    Unseen(
        "training-record-es",
        (
            ("No. de empleado", "Nombre completo", "Capacitación", "Fecha de inicio", "Fecha de término", "¿Aprobó?"),
            ("00417", "Reyes, Ana", "De-Escalation Basics", "15/09/2025", "17/09/2025", "Sí"),
            ("00418", "Lee, Bo", "De-Escalation Basics", "15/09/2025", "17/09/2025", "No"),
        ),
        {
            "person_id": "No. de empleado",
            "name": "Nombre completo",
            "course_title": "Capacitación",
            "completed_on": "Fecha de término",
            "status": "¿Aprobó?",
        },
        frozenset({2}),
    ),
    Unseen(
        "mixed-state-blank",
        (
            ("Employee Number", "Employee", "Module", "Module Status", "Module Finished"),
            ("00417", "Reyes, Ana", "De-Escalation Basics", "Done", "9/17/2025"),
            ("00418", "Lee, Bo", "De-Escalation Basics", "", "9/18/2025"),
            ("00419", "Roe, Cy", "De-Escalation Basics", "Done - pending quiz", "9/19/2025"),
        ),
        {
            "person_id": "Employee Number",
            "name": "Employee",
            "course_title": "Module",
            "status": "Module Status",
            "completed_on": "Module Finished",
        },
        frozenset({2}),
    ),
)
"""First try: 66 of 69 fields right or asked about, one sheet usable with a wrong day; 63 where nothing was known."""


LAST = (
    Unseen(
        "percipio",
        (
            (
                "User ID",
                "Last Name",
                "First Name",
                "Content Title",
                "Content ID",
                "Completed Date",
                "Status",
                "Estimated Duration",
            ),
            ("areyes", "Reyes", "Ana", "De-Escalation Basics", "SSS-10", "2025-09-17", "Completed", "01:30:00"),
            ("blee", "Lee", "Bo", "De-Escalation Basics", "SSS-10", "", "Started", "01:30:00"),
        ),
        {
            "learner": "User ID",
            "last_name": "Last Name",
            "first_name": "First Name",
            "course_title": "Content Title",
            "course": "Content ID",
            "completed_on": "Completed Date",
            "status": "Status",
        },
        frozenset({2}),
    ),
    Unseen(
        "target-solutions",
        (
            ("Employee Name", "Employee ID", "Station", "Assignment", "Due Date", "Completion Date", "Late?"),
            ("Reyes, Ana", "00417", "Heron", "De-Escalation Basics", "10/01/2025", "09/17/2025", "No"),
            ("Lee, Bo", "00418", "Heron", "De-Escalation Basics", "10/01/2025", "10/17/2025", "Yes"),
        ),
        {
            "name": "Employee Name",
            "person_id": "Employee ID",
            "employer": "Station",
            "course_title": "Assignment",
            "completed_on": "Completion Date",
        },
        frozenset({2, 3}),
    ),
    Unseen(
        "eventbrite",
        (
            (
                "Order #",
                "First Name",
                "Last Name",
                "Email",
                "Event Name",
                "Event Start Date",
                "Order Date",
                "Attendee Status",
                "Checked In",
            ),
            (9912, "Ana", "Reyes", ANA, "De-Escalation Basics", "2025-09-17", "2025-08-01", "Attending", "Yes"),
            (9913, "Bo", "Lee", BO, "De-Escalation Basics", "2025-09-17", "2025-08-02", "Attending", "No"),
        ),
        {
            "first_name": "First Name",
            "last_name": "Last Name",
            "email": "Email",
            "course_title": "Event Name",
            "completed_on": "Event Start Date",
            "status": "Checked In",
        },
        frozenset({2}),
    ),
    Unseen(
        "zoom",
        (
            ("Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Guest"),
            ("Ana Reyes", ANA, "09/17/2025 09:00:00 AM", "09/17/2025 11:00:00 AM", 120, "Yes"),
            ("Bo Lee", BO, "09/17/2025 09:00:00 AM", "09/17/2025 09:10:00 AM", 10, "Yes"),
        ),
        {"name": "Name (Original Name)", "email": "User Email"},
        frozenset(),
    ),
    Unseen(
        "completed-yes-no-word",
        (
            ("employeeNumber", "emailAddress", "courseName", "dateCompleted", "passFail"),
            ("00417", ANA, "De-Escalation Basics", "2025-09-17", "Pass"),
            ("00418", BO, "De-Escalation Basics", "2025-09-18", "Fail"),
        ),
        {
            "person_id": "employeeNumber",
            "email": "emailAddress",
            "course_title": "courseName",
            "completed_on": "dateCompleted",
            "status": "passFail",
        },
        frozenset({2}),
    ),
    Unseen(
        "transcript-notes",
        (
            ("PID", "Officer Name", "Course Description", "Date Taken", "Hrs", "Notes"),
            ("00417", "Reyes, Ana", "De-Escalation Basics", "9/17/2025", 4, ""),
            ("00418", "Lee, Bo", "De-Escalation Basics", "9/17/2025", 4, "did not finish"),
        ),
        {
            "person_id": "PID",
            "name": "Officer Name",
            "course_title": "Course Description",
            "completed_on": "Date Taken",
            "hours": "Hrs",
        },
        frozenset({2}),
    ),
    Unseen(
        "canvas-like-outcomes",
        (
            ("Student name", "Student SIS ID", "Course name", "Module", "Module State", "Module Completed At"),
            ("Ana Reyes", "00417", "De-Escalation Basics", "HB 1214 Unit 4", "completed", "2025-09-17T17:00:00Z"),
            ("Bo Lee", "00418", "De-Escalation Basics", "HB 1214 Unit 4", "locked", ""),
        ),
        {
            "name": "Student name",
            "person_id": "Student SIS ID",
            "course_title": "Course name",
            "unit_title": "Module",
            "status": "Module State",
            "completed_on": "Module Completed At",
        },
        frozenset({2}),
    ),
    Unseen(
        "signed-roster",
        (
            ("Training Roster",),
            ("Class: De-Escalation Basics",),
            ("No.", "Last Name", "First Name", "ID", "Morning", "Afternoon"),
            ("1", "Reyes", "Ana", "00417", "AR", "AR"),
            ("2", "Lee", "Bo", "00418", "BL", ""),
        ),
        {"last_name": "Last Name", "first_name": "First Name", "person_id": "ID"},
        frozenset(),
    ),
)
"""First try: 38 of 39 fields right or asked about, one sheet (`zoom`) with two false completions."""
