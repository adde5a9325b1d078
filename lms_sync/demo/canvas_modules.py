"""Modules, items and submissions as the demo's Canvas tells them, for a teacher or as one student has them."""

from typing import Any

from lms_sync.demo.canvas_class import ServedItem, ServedModule, ServedStudent

Json = Any


def module_json(
    module: ServedModule, student: ServedStudent | None = None, *, with_items: bool = False
) -> dict[str, Json]:
    """Return a module; its items, where they are told along, as the caller may see them: drafts among them."""
    body: dict[str, Json] = {"id": module.id, "name": module.name, "published": module.published}
    body |= {"items_count": len(module.asked) + 1, "requirement_count": module.asks_for}
    return body | ({"items": items_json(module, student)} if with_items and not module.large else {})


def items_json(module: ServedModule, student: ServedStudent | None = None) -> list[Json]:
    """Return all items of a module, the first of which asks for nothing."""
    return [
        {"id": module.id * 100 + 99, "type": "SubHeader"},
        *(item_json(module, item, student) for item in module.asked),
    ]


def item_json(module: ServedModule, item: ServedItem, student: ServedStudent | None) -> Json:
    """Return an item, with what the student has met where one is named."""
    body: dict[str, Json] = {"id": item.id, "module_id": module.id, "type": item.type}
    body |= {} if item.type == "Page" else {"content_id": item.id}
    if student is None:
        return {**body, "published": item.published, "completion_requirement": {"type": "must_view"}}
    met = module.id in student.completed and item.id not in student.unmet and item.is_seen_by(student.id)
    return {**body, "completion_requirement": {"type": "must_view", "completed": met}}


def state_json(module: ServedModule, student: ServedStudent) -> dict[str, Json]:
    """Return a student's state: completed as soon as it is open, where nothing that it asks for can be seen."""
    if module.id in student.completed or not any(item.is_seen_by(student.id) for item in module.asked):
        return {"state": "completed", "completed_at": student.completed.get(module.id)}
    return {"state": "unlocked", "completed_at": None}


def submission_json(item: ServedItem, student: ServedStudent) -> Json:
    """Return what Canvas has of a student's work; a quiz and a graded discussion have an assignment of their own."""
    number = item.id if item.type == "Assignment" else item.id + 1_000_000
    assignment: dict[str, Json] = {"id": number}
    assignment |= {"quiz_id": item.id} if item.type == "Quiz" else {}
    assignment |= {"discussion_topic": {"id": item.id}} if item.type == "Discussion" else {}
    body = {"assignment_id": number, "user_id": student.id, "excused": item.id in student.excused}
    return {**body, "assignment": assignment}
