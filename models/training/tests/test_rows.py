"""Rows and their split."""

from pathlib import Path

import pytest

from koe_training.rows import Row, parse_row, read_rows, split_rows


def row(number: int, source: str) -> Row:
    return Row(f"{source}-{number}", f"{source}の{number}番目", 0, (), (), 6, (), source)


def test_a_row_is_read_by_the_guide() -> None:
    read = parse_row("ec-1\tm\tprice+,quality-\tcomplaint,praise\tjoy\teffort\t安いけど壊れた", "ec")
    assert (read.sentiment, read.topics, read.intents, read.emotion, read.flags) == (3, ((7, 0), (0, 1)), (0, 3), 4, (0,))


@pytest.mark.parametrize("line", ["ec-1\tp\tnone", "ec-1\tx\tnone\tnone\tnone\tnone\tあ", "ec-1\tp\tcolour+\tnone\tnone\tnone\tあ"])
def test_a_row_outside_the_guide_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="ec"):
        parse_row(line, "ec")


def test_a_tenth_of_each_file_is_held_out_whatever_the_other_files() -> None:
    first, second = [row(n, "a") for n in range(50)], [row(n, "b") for n in range(30)]
    alone, together = split_rows(first), split_rows(first + second)
    assert len(alone.dev) == 5 and len(together.dev) == 8
    assert [r for r in together.dev if r.source == "a"] == alone.dev
    assert not {r.text for r in together.dev} & {r.text for r in together.train}


def test_the_committed_list_of_held_out_rows_is_the_split() -> None:
    data = Path(__file__).parent.parent / "data"
    held_out = [row.id for row in split_rows(read_rows([data / "authored"])).dev]
    assert (data / "held-out.txt").read_text(encoding="utf-8").split() == held_out
