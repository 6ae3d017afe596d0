"""Courses with an outline, written and read in one line."""

from catalog.arranging import arrangement_of
from catalog.models import Lesson, Module
from tests import factories as make


def course_of(loose=(), **modules):
    """A course with these modules and lessons: `course_of(Welcome=["a", "b"], Voice=[])`."""
    course = make.CourseFactory()
    for place, title in enumerate(loose, 1):
        make.LessonFactory(course=course, title=title, slug=title, order=place)
    for number, (name, titles) in enumerate(modules.items(), 1):
        module = make.ModuleFactory(course=course, title=name, order=number)
        for place, title in enumerate(titles, 1):
            make.LessonFactory(course=course, module=module, title=title, slug=title, order=place)
    return course


def order_of(course):
    """The same, read from the database; lessons without a module stand under an empty name."""
    names = {None: ""} | dict(Module.objects.filter(course=course).values_list("pk", "title"))
    titles = dict(Lesson.objects.filter(course=course).values_list("pk", "title"))
    return {names[shelf.module_id]: [titles[pk] for pk in shelf.lessons] for shelf in arrangement_of(course).shelves}
