"""HEAR: is this answer of the type that was asked for, and what is its value?"""

from interpreter.hearing.menu import suggested
from interpreter.hearing.types import KINDS, NOT_BUILT, SECRET_KINDS, Invalid
from interpreter.hearing.validate import add_type, validate

__all__ = ("KINDS", "NOT_BUILT", "SECRET_KINDS", "Invalid", "add_type", "suggested", "validate")
