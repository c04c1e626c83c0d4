"""Who is in charge and that all is free: put right where what is cited says otherwise, else left alone."""

from __future__ import annotations

import pytest

from tests.corpus_fixture import Corpus
from tests.test_premise import ask


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("甘州区个体户交公积金归人社局管，对吗", "区住建局"),
        ("六盘水创业补贴找农业局领吧", "市人力资源社会保障局"),
        ("达拉特旗转企的十万归旗财政局发，对吧", None),
        ("达拉特旗转企的十万找财政局领对吗", None),
        ("达拉特旗转企有补助吗，我去人社局问没人理", None),  # no claim that it is in charge
    ],
)
def test_a_department_that_no_cited_clause_names_is_put_right(corpus: Corpus, text: str, instead: str | None) -> None:
    offices = [one.instead for one in ask(corpus, text) if not one.holds]
    assert offices == ([instead] if instead else [])


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("磴口锅炉检验现在全免费对吗", "特种设备检验、技术鉴定等费用减半收取"),
        ("六盘水六税两费一律全免，是吧", "对个体工商户减半征收“六税两费”"),
        ("岚县转公司刻章全免费对吧", None),  # so it is
        ("甘州区听说办执照都免费", None),  # nothing is taken off in part
        ("磴口锅炉检验能不能全免费", None),  # asked, not claimed
    ],
)
def test_that_all_is_free_is_put_right_where_a_part_is_taken_off(
    corpus: Corpus, text: str, instead: str | None
) -> None:
    told = [one.instead for one in ask(corpus, text) if not one.holds]
    assert len(told) == (1 if instead else 0)
    assert all(one.endswith(instead or "") for one in told)
