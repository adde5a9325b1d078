"""Answers to forms, class rolls and lists of who signed up, before the program had seen any; made-up people only."""

from datetime import date, datetime

from tests.sources.unseen_sheets import ANA, BO, CY, Unseen

FORMS_AND_ROLLS = (
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
    Unseen(
        "google form: what did you complete",
        (
            (
                *("Timestamp", "Email Address", "What is your full name?", "Which training did you complete?"),
                *("On what date did you finish the training?", "Did you pass the final quiz?"),
            ),
            (datetime(2025, 9, 18, 7, 30), ANA, "Ana Reyes", "De-Escalation Basics", "9/17/2025", "Yes"),
            (datetime(2025, 9, 18, 7, 35), BO, "Bo Lee", "De-Escalation Basics", "9/17/2025", "No"),
            (datetime(2025, 9, 18, 7, 40), CY, "Cy Roe", "De-Escalation Basics", "9/16/2025", "Not yet"),
        ),
        {
            "email": "Email Address",
            "name": "What is your full name?",
            "course_title": "Which training did you complete?",
            "completed_on": "On what date did you finish the training?",
            "status": "Did you pass the final quiz?",
        },
        frozenset({2}),
    ),
    Unseen(
        "class roll by hand",
        (
            ("Topic:", "De-Escalation Basics", "Date: 9/17/2025"),
            ("Instructor:", "Sgt. Ivy Moss", "Location: Pine Hall"),
            ("#", "Print Name", "Agency", "Signature"),
            (1, "Ana Reyes", "Heron Guards", "A. Reyes"),
            (2, "Bo Lee", "Heron Guards", ""),
            (3, "Cy Roe", "Quarry PD", "no show"),
        ),
        {"name": "Print Name", "employer": "Agency", "status": "Signature"},
        frozenset({4}),
    ),
    Unseen(
        "list of who is registered",
        (
            ("First", "Last", "E-mail", "Class", "Class date", "Seat"),
            ("Ana", "Reyes", ANA, "De-Escalation Basics", "12/03/2026", "12"),
            ("Bo", "Lee", BO, "De-Escalation Basics", "12/03/2026", "13"),
        ),
        {"first_name": "First", "last_name": "Last", "email": "E-mail", "course_title": "Class"},
        frozenset(),
    ),
)
