"""Sheets of other shapes (matrices, two-row headers, flags, marks) before the program had seen any of them."""

from datetime import date

from lms_sync.tables.cells import Block
from tests.sources.unseen_sheets import ANA, BO, CY, DEE, Unseen

SHAPES = (
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
        "matrix with expiry and status words",
        (
            ("Badge #", "Officer", "De-Escalation Basics", "FERPA for Safety Staff", "Remarks"),
            ("00417", "Reyes, Ana", "9/17/2025", "expired 9/1/2024", ""),
            ("00418", "Lee, Bo", "scheduled 12/3/2026", "n/a", "on leave"),
            ("00419", "Roe, Cy", "9/18/2025", "9/19/2025", ""),
        ),
        {"person_id": "Badge #", "name": "Officer"},
        frozenset({2, 4}),
    ),
    Unseen(
        "snake case dump",
        (
            (
                *("user_guid", "employee_no", "email_addr", "course_nm", "enrolled_dt", "completed_dt"),
                *("passed_flag", "score_pct"),
            ),
            ("6f1e", "00417", ANA, "De-Escalation Basics", "2025-08-01", "2025-09-17", "Y", "92"),
            ("6f1f", "00418", BO, "De-Escalation Basics", "2025-08-01", "2025-09-18", "N", "40"),
            ("6f20", "00419", CY, "De-Escalation Basics", "2025-08-02", "", "", ""),
            ("6f21", "00420", DEE, "De-Escalation Basics", "2025-08-02", "2025-09-19", "Y", "88"),
        ),
        {
            "person_id": "employee_no",
            "email": "email_addr",
            "course_title": "course_nm",
            "completed_on": "completed_dt",
            "status": "passed_flag",
            "score": "score_pct",
        },
        frozenset({2, 5}),
    ),
)
