"""Sheets in Spanish and French, before the program had seen any; made-up people only."""

from tests.sources.unseen_sheets import ANA, BO, CY, Unseen

LANGUAGES = (
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
        "docebo in spanish",
        (
            (
                *("Nombre de usuario", "Nombre completo", "Correo electrónico", "Nombre del curso", "Estado"),
                *("Fecha de finalización", "Fecha de inscripción", "Puntuación"),
            ),
            ("areyes", "Ana Reyes", ANA, "De-Escalation Basics", "Completado", "17/09/2025", "01/08/2025", "90"),
            ("blee", "Bo Lee", BO, "De-Escalation Basics", "En curso", "", "01/08/2025", ""),
            ("croe", "Cy Roe", CY, "De-Escalation Basics", "Inscrito", "", "01/08/2025", ""),
        ),
        {
            "name": "Nombre completo",
            "email": "Correo electrónico",
            "course_title": "Nombre del curso",
            "status": "Estado",
            "completed_on": "Fecha de finalización",
            "score": "Puntuación",
        },
        frozenset({2}),
    ),
    Unseen(
        "registre français de présence",
        (
            ("Registre de formation", "", "", "", ""),
            ("Matricule", "Nom", "Prénom", "Formation suivie", "Date de la formation", "Présent (oui/non)"),
            ("00417", "Reyes", "Ana", "De-Escalation Basics", "17/09/2025", "oui"),
            ("00418", "Lee", "Bo", "De-Escalation Basics", "17/09/2025", "non"),
            ("00419", "Roe", "Cy", "De-Escalation Basics", "17/09/2025", ""),
        ),
        {
            "person_id": "Matricule",
            "last_name": "Nom",
            "first_name": "Prénom",
            "course_title": "Formation suivie",
            "completed_on": "Date de la formation",
            "status": "Présent (oui/non)",
        },
        frozenset({3}),
    ),
    Unseen(
        "nombre y apellidos",
        (
            ("Núm. empleado", "Nombre y apellidos", "Curso", "Fecha de finalización", "Estatus"),
            ("00417", "Ana Reyes", "Trauma-Informed Approaches", "17/09/2025", "Acreditado"),
            ("00418", "Bo Lee", "Trauma-Informed Approaches", "17/09/2025", "No acreditado"),
            ("00419", "Cy Roe", "De-Escalation Basics", "28/09/2025", "Acreditado"),
        ),
        {
            "person_id": "Núm. empleado",
            "name": "Nombre y apellidos",
            "course_title": "Curso",
            "completed_on": "Fecha de finalización",
            "status": "Estatus",
        },
        frozenset((2, 4)),
    ),
)
