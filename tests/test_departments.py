"""Whom clauses name, as lists in brackets, on lines of their own, or in a sentence."""

from __future__ import annotations

import pytest

from ingest.departments import read_departments, strip_departments
from ingest.model import Role
from tests.fakes_ingest import IDS, clause, parsed


def named(text: str) -> list[str]:
    return [f"{department.name}{'*' if department.role is Role.LEAD else ''}" for department in read_departments(text)]


def of(identity: str) -> list[str]:
    departments = clause(identity).facts.departments
    return [f"{department.name}{'*' if department.role is Role.LEAD else ''}" for department in departments]


@pytest.mark.parametrize(
    ("text", "departments"),
    [
        ("支持创业。（责任单位：县税务局、县财政局）", ["县税务局", "县财政局"]),
        ("支持创业。(责任单位: 旗财政局,旗税务局)", ["旗财政局", "旗税务局"]),
        ("（牵头单位：市税务局，责任单位：市财政局、市退役军人事务局）", ["市税务局*", "市财政局", "市退役军人事务局"]),
        ("（责任单位：市财政局；牵头单位：市税务局）", ["市税务局*", "市财政局"]),
        ("（责任单位：旗财政局旗工信局、旗商务局）", ["旗财政局", "旗工信局", "旗商务局"]),
        ("（责任单位：区市场监管局区、区税务局）", ["区市场监管局", "区税务局"]),
        ("（责任单位：旗工信局及相关部门）", ["旗工信局", "相关部门"]),
        ("（责任单位：县委组织部、县市场监管局等）", ["县委组织部", "县市场监管局"]),
        ("（责任单位：国家税务总局\n某旗税务局）", ["国家税务总局某旗税务局"]),
        ("等行为。(旗发展和改革委员会、旗民政局，旗财政局)", ["旗发展和改革委员会", "旗民政局", "旗财政局"]),
        ("由县住建局负责、县审批局、各乡镇配合。", ["县住建局"]),
        ("开展清零行动，县市场监管局牵头、县公安局配合。", ["县市场监管局*"]),
        ("支持创业。\n责任单位：县税务局、县财政局", ["县税务局", "县财政局"]),
        ("支持创业。牵头单位：县税务局；责任单位：县财政局。", ["县税务局*", "县财政局"]),
        ("（配合部门：县财政局）", ["县财政局"]),
        ("支持创业。（省商务厅、财政厅，省税务局负责）", ["省商务厅", "财政厅", "省税务局"]),
        ("支持创业。(省交通运输厅负责)\n各地要抓好落实。", ["省交通运输厅"]),
        ("（市商务局牵头，市财政局、市税务局配合）", ["市商务局*", "市财政局", "市税务局"]),
        ("（由市发改委牵头；市财政局等按职责分工负责）", ["市发改委*", "市财政局"]),
        ("（市贸促会、市工商联按照各自职责负责）", ["市贸促会", "市工商联"]),
        ("（以下统称负责航道管理的部门）", []),
        ("负责人（企业负责）", []),
        ("开展行动（县市场监管局牵头落实），按月通报。", ["县市场监管局*"]),
        ("符合条件（正常经营2年以上）的企业", []),
        ("（责任单位：县财政局）（责任单位：县财政局）", ["县财政局"]),
    ],
)
def test_every_way_of_naming(text: str, departments: list[str]) -> None:
    assert named(text) == departments


def test_lead_and_responsible_are_told_apart() -> None:
    assert of("liupanshui-2025#一-二") == [
        "市财政局*",
        "中国人民银行六盘水市分行*",
        "市退役军人事务局",
        "国家金融监管总局六盘水监管分局",
        "市发展改革委",
    ]
    assert of("liupanshui-2025#一-四") == ["市税务局*", "市退役军人事务局"]
    leads = [one for one in parsed("liupanshui-2025").clauses if one.facts.departments]
    assert len(leads) == 21
    assert all(one.facts.departments[0].role is Role.LEAD for one in leads)


def test_a_list_on_the_next_line() -> None:
    assert of("lanxian-2022#四-一-三是") == ["县发改局", "县市场监管局", "县行政审批局"]
    assert of("lanxian-2022#四-二-一是")[-2:] == ["县人力资源和社会保障局", "各镇人民政府"]  # across a page break


def test_a_stray_character_behind_a_name_goes() -> None:
    assert of("ganzhou-2024#二-二-2") == ["区市场监管局", "区税务局"]


def test_a_bracket_without_the_word() -> None:
    assert of("dalate-2023#四-十-27")[0] == "旗发展和改革委员会"
    assert len(of("dalate-2023#四-十-27")) == 6


def test_a_department_in_a_sentence() -> None:
    assert of("lanxian-2022#四-五-2") == ["县住建局"]


@pytest.mark.parametrize("document", IDS)
def test_names_are_names(document: str) -> None:
    names = {department.name for one in parsed(document).clauses for department in one.facts.departments}
    assert names
    assert all(2 <= len(name) <= 22 and not set(name) & set("，、。；：（）() \n") for name in names)


def test_a_sentence_without_its_list() -> None:
    assert strip_departments("支持创业。（责任单位：县税务局、县财政局）") == "支持创业。"
    assert strip_departments("支持创业。\n责任单位：县税务局、县财政局") == "支持创业。"
    assert strip_departments("支持创业。（市商务局牵头，市财政局配合）") == "支持创业。"
    assert strip_departments("等行为。(旗发展和改革委员会、旗民政局)") == "等行为。"
    assert strip_departments("符合条件（经营2年以上）的") == "符合条件（经营2年以上）的"
