"""Backgrounds that follow what a cell says: conditional formats by the sign that a text begins with."""

from collections.abc import Mapping

from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet


def add_marks(sheet: Worksheet, area: str, colours: Mapping[str, str]) -> None:
    """Give the cells of an area (`C5:T40`) the colour (`F8D7DA`) of the sign with which their text begins.

    A person who corrects a cell sees its colour follow.
    """
    first = area.partition(":")[0]
    for sign, colour in colours.items():
        look = DifferentialStyle(fill=PatternFill("solid", bgColor=colour, fgColor=colour))
        formula = f'LEFT({first},{len(sign)})="{sign}"'
        sheet.conditional_formatting.add(area, Rule(type="expression", formula=[formula], dxf=look))
