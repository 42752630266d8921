# SPDX-License-Identifier: GPL-3.0-or-later
"""The page on which all pictures are seen: a row for each page of the program, a column for each variant."""

import collections
import html

STYLE = """
body { font-family: Cantarell, sans-serif; margin: 24px; color: #2e3436; background: #fafafa; }
table { border-collapse: collapse; }
th { position: sticky; top: 0; background: #fafafa; text-align: start; padding: 6px; }
td { padding: 6px; vertical-align: top; }
td.name { font-weight: bold; min-width: 10em; }
img { width: 320px; border: 1px solid #d0d0d0; }
td.narrow img { width: 130px; }
ul { margin: 6px 0 0 0; padding-inline-start: 18px; max-width: 320px; font-size: smaller; color: #a51d2d; }
"""


def cell(folder, variant, page, findings):
    path = folder / variant.name / f"{page}.png"
    if not path.exists():
        return "<td></td>"
    link = html.escape(f"{variant.name}/{page}.png")
    name = html.escape(f"{page}, {variant.title}")
    lines = "".join(f"<li>{html.escape(f'{one.rule}: {one.where} “{one.text}”')}</li>" for one in findings)
    below = f"<ul>{lines}</ul>" if lines else ""
    return f'<td class="{variant.name}"><a href="{link}"><img loading="lazy" src="{link}" alt="{name}"></a>{below}</td>'


def write_index(folder, variants, pages, findings):
    found = collections.defaultdict(list)
    for one in findings:
        found[one.page, one.variant].append(one)
    head = "".join(f"<th>{html.escape(variant.title)}</th>" for variant in variants)
    rows = "\n".join(
        f'<tr><td class="name" id="{page}">{html.escape(page)}</td>'
        + "".join(cell(folder, variant, page, found[page, variant.name]) for variant in variants)
        + "</tr>"
        for page in pages
    )
    title = f"Caseload: {len(pages)} pages in {len(variants)} variants, {len(findings)} findings"
    (folder / "index.html").write_text(
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>\n"
        f"<table><thead><tr><th></th>{head}</tr></thead><tbody>\n{rows}\n</tbody></table></body></html>\n",
        encoding="utf-8",
    )
