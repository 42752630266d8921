#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""blank-gaps.py INPUT OUTPUT: SQLite's source with one line more.

With secure_delete SQLite blanks what it frees, except when it packs the rows of a page anew while it balances a
tree (rebuildPage): what lies in the gap between the row pointers and the rows then stays, and with it the words of rows
that were deleted or moved. Here the gap is blanked as well, as defragmentPage does it. When the source of another
version has not exactly this place, the build stops, and somebody must look.
"""
import pathlib
import sys

NAME = b"static int rebuildPage("
PLACE = (
    b"  put2byte(&aData[hdr+1], 0);\n"
    b"  put2byte(&aData[hdr+3], pPg->nCell);\n"
    b"  put2byte(&aData[hdr+5], pData - aData);\n"
    b"  aData[hdr+7] = 0x00;\n"
)
BLANK = (
    b"  if( pPg->pBt->btsFlags & BTS_FAST_SECURE ){\n"
    b"    memset(pCellptr, 0, pData - pCellptr);\n"
    b"  }\n"
)


def main(source, target):
    text = pathlib.Path(source).read_bytes().replace(b"\r\n", b"\n")
    if text.count(PLACE) != 1 or text.count(NAME) != 1 or text.index(NAME) > text.index(PLACE):
        sys.exit(f"{source}: the place where rebuildPage leaves the gap of a page is not there as it was")
    pathlib.Path(target).write_bytes(text.replace(PLACE, PLACE + BLANK))


if __name__ == "__main__":
    main(*sys.argv[1:])
