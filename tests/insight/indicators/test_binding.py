"""A plan's sentence finds its indicator in the many words offices use, or none when it means something else.

The sentences are made up in the manner of published plans.
"""

import pytest
from django.utils import translation

from khet.core.catalogue.loader import read, shipped
from khet.insight.indicators.binding import says, suggest_indicator

INDICATORS = read([shipped()]).all("indicator")

BOUND = {
    "pmqa_ita_advanced": [
        "สำนักงานเขตมีผล PMQA กับ ITA ถึงระดับขั้นสูงทั้งสองเรื่อง",
        "สำนักงานเขตพื้นที่การศึกษามีผลการประเมิน ITA และ PMOA ระดับสูงขึ้นไป",
        "ระดับความสำเร็จของการพัฒนาคุณภาพการบริหารจัดการภาครัฐ และการประเมินคุณธรรมและความโปร่งใส",
        "ผลประเมินการเป็นระบบราชการ 4.0 และ ITA ผ่านเกณฑ์ขั้นสูง",
    ],
    "pmqa_score": ["คะแนน PMQA ไม่น้อยกว่า ๔๐๐ คะแนน", "ผลคะแนนตามเกณฑ์คุณภาพการบริหารจัดการภาครัฐเพิ่มขึ้นทุกปี"],
    "pmqa_level": ["สำนักงานเขตมีผล PMQA 4.0 ระดับก้าวหน้า", "ผ่านเกณฑ์ PMQA ขั้นพื้นฐาน"],
    "ita_score": [
        "คะแนนเฉลี่ยการประเมินคุณธรรมและความโปร่งใสของสำนักงานเขต ร้อยละ 92",
        "ร้อยละของคะแนน ITA Online ของ สพป.",
        "ITA score of at least 92 points",
    ],
    "ita_level": ["ผลการประเมิน ITA ของสำนักงานเขตอยู่ในระดับผ่านดี", "ระดับคุณธรรมและความโปร่งใสในการดำเนินงาน (ITA)"],
    "service_satisfaction": [
        "ผู้รับบริการมีความพึงพอใจไม่น้อยกว่าร้อยละ 93",
        "ร้อยละ 90 ของผู้มาติดต่อราชการมีความพึงพอใจในระดับมากขึ้นไป",
        "ผู้ใช้บริการพึงใจร้อยละ 85",
        "ประชาชนพึงพอใจต่อการให้บริการผ่านระบบ e-Service ไม่น้อยกว่าร้อยละ 80",
        "ระดับความพึงพอใจของผู้มีส่วนได้ส่วนเสียต่องานของสำนักงานเขต",
    ],
    "external_assessment_good": [
        "ร้อยละ 88 ของโรงเรียนได้ผลการประเมินคุณภาพภายนอกระดับดีขึ้นไป",
        "สถานศึกษาร้อยละ ๙๐ มีผลประเมินภายนอกจาก สมศ. ตั้งแต่ระดับดี",
        "ร้อยละของสถานศึกษาที่ได้รับการรับรองจาก ONESQA",
        "โรงเรียนทุกแห่งได้มาตรฐานตามการประเมินคุณภาพภายนอกรอบห้า",
    ],
    "out_of_school": [
        "เด็กวัยเรียนทุกคนในเขตไม่มีใครอยู่นอกระบบการศึกษา",
        "จำนวนเด็กตกหล่นวัยเรียนภาคบังคับเป็นศูนย์",
        "เด็กในเขตพื้นที่ไม่หลุดออกจากระบบการศึกษา",
        "ไม่มีเด็กวัยเรียนที่ไม่ได้เข้าเรียน",
        "ดำเนินงาน Thailand Zero Dropout ให้เด็กนอกระบบเป็นศูนย์",
    ],
    "out_of_school_rate": ["ร้อยละของเด็กที่อยู่นอกระบบการศึกษาลดลง", "อัตราเด็กหลุดจากระบบการศึกษาไม่เกินร้อยละ 0.5"],
    "compulsory_in_school_rate": [
        "ประชากรวัยเรียนภาคบังคับได้เข้าเรียนร้อยละ 100",
        "ร้อยละของเด็กวัยเรียนในเขตบริการที่เข้ารับการศึกษา",
        "อัตราการเข้าเรียนของเด็กตามเกณฑ์การศึกษาภาคบังคับ",
        "เด็กในวัยการศึกษาภาคบังคับเข้าเรียนร้อยละ 100",
    ],
    "returned_pupils": ["จำนวนนักเรียนที่กลับเข้าเรียนตามโครงการพาน้อง", "นักเรียนกลับเข้าสู่ระบบอย่างน้อย 20 คน"],
    "dropout_rate": [
        "อัตราการออกกลางคันของนักเรียนลดลง",
        "นักเรียนออกกลางคันไม่เกินร้อยละ 0.2",
        "ไม่มีนักเรียนออกกลางคัน",
        "Dropout rate ลดลงทุกปี",
    ],
    "chronic_absence_rate": ["ร้อยละของนักเรียนที่ขาดเรียนเรื้อรังลดลง"],
    "absence_rate": ["อัตราการขาดเรียนของนักเรียนไม่เกินร้อยละ 3"],
    "mark_failure_rate": ["ร้อยละของผลการเรียนที่เป็น 0 ร มส ลดลง"],
    "failing_pupils_rate": ["ร้อยละของนักเรียนที่ติด 0 ร มส ลดลงจากปีก่อน", "นักเรียนติด 0, ร, มส ไม่เกินร้อยละ 5"],
    "pupil_harm": [
        "จำนวนเหตุความรุนแรง อุบัติเหตุ และการละเมิดสิทธิ์นักเรียนลดลงทุกปี",
        "ความรุนเเรงและภัยตางๆ ตอนักเรียน การละเมิดสิทธ์ ลดลง",
        "จำนวนครั้งของอุบัติเหตุในสถานศึกษาลดลง",
        "ไม่มีนักเรียนถูกกลั่นแกล้งในโรงเรียน",
        "สถิติภัยคุกคามต่อผู้เรียนลดลงร้อยละ 10",
        "Violence and accidents fall by 10 percent",
    ],
    "pupil_harm_rate": ["อัตราการเกิดอุบัติเหตุต่อนักเรียน 1,000 คน"],
    "safety_drill_schools_rate": [
        "ร้อยละ 100 ของโรงเรียนซ้อมแผนเผชิญเหตุอัคคีภัยปีละ 1 ครั้ง",
        "สถานศึกษาทุกแห่งซ้อมอพยพหนีไฟอย่างน้อยปีละครั้ง",
        "All schools hold a fire drill every year",
    ],
    "safety_risks_treated_rate": ["จุดเสี่ยงในโรงเรียนได้รับการแก้ไขร้อยละ 80", "Risk spots of schools are mended"],
    "pupil_harm_severe_rate": ["นักเรียนบาดเจ็บสาหัสจากการเดินทางลดลง"],
    "active_learning_schools_rate": [
        "โรงเรียนไม่น้อยกว่าร้อยละ 80 จัดการเรียนรู้เชิงรุกทุกชั้น",
        "ร้อยละของสถานศึกษาที่จัดกระบวนการเรียนรู้แบบ Active Learning",
        "ทุกโรงเรียนจัดการเรียนรู้เชิงรุก (active  learning)",
        "All schools teach by active learning",
    ],
    "sufficiency_schools_rate": [
        "โรงเรียนทุกแห่งเข้าร่วมเป็นสถานศึกษาพอเพียง",
        "สถานศึกษาน้อมนำหลักปรัชญาของเศรษฐกิจพอเพียงไปใช้ครบทุกแห่ง",
        "จำนวนโรงเรียนที่ผ่านการประเมินเป็นศูนย์การเรียนรู้ตามหลักปรัชญาของเศรษฐกิจพอเพียง",
    ],
    "teacher_competency_rate": [
        "ครูไม่น้อยกว่าร้อยละ 85 มีสมรรถนะตามมาตรฐานตำแหน่งและตามมาตรฐานวิชาชีพ",
        "ร้อยละของครูที่มีสมรรถนะตามมาตรฐานวิชาชีพ",
        "ข้าราชการครูผ่านมาตรฐานตำแหน่งและมาตรฐานวิชาชีพทุกคน",
    ],
    "pupils_per_teacher": ["อัตราส่วนนักเรียนต่อครูเป็นไปตามเกณฑ์"],
    "small_schools_rate": ["จำนวนโรงเรียนขนาดเล็กลดลงปีละร้อยละ 5"],
    "onet_p6_mean": [
        "คะแนนเฉลี่ย O-NET ชั้น ป.6 เพิ่มขึ้นร้อยละ 3",
        "ผลการทดสอบทางการศึกษาระดับชาติขั้นพื้นฐาน ชั้นประถมศึกษาปีที่ ๖ สูงกว่าระดับประเทศ",
    ],
    "onet_m3_mean": ["ค่าเฉลี่ยผลการทดสอบ ONET ม.3 สูงขึ้น"],
    "nt_p3_mean": ["ค่าเฉลี่ยผลการทดสอบ NT ชั้น ป.3 สูงกว่าระดับประเทศ"],
}
UNBOUND = [
    "ร้อยละของโรงเรียนที่มีความพร้อมรับการประเมินคุณภาพภายนอกและผ่านการอบรม",  # ready, not good
    "โรงเรียนทุกแห่งมีมาตรการป้องกันความรุนแรงและอุบัติเหตุ ไม่มีข้อยกเว้น",  # measures, not harm
    "นักเรียนมีทักษะดิจิทัลระดับดีขึ้นไป",  # "digital" holds the letters of ITA
    "ร้อยละของโรงเรียนที่มีผลการประเมิน ITA สถานศึกษาระดับผ่าน",  # the schools' own ITA is another one
    "ร้อยละของครูที่จัดการเรียนรู้เชิงรุกในโรงเรียน",  # teachers, not schools
    "ครูและบุคลากรดำรงชีวิตตามหลักเศรษฐกิจพอเพียงในสถานศึกษา",  # how teachers live
    "ครูร้อยละ 100 ได้รับการพัฒนาสมรรถนะตามมาตรฐานวิชาชีพ",  # were trained, not are competent
    "ผู้เข้ารับการอบรมพึงพอใจต่อการให้บริการ",  # a course's own survey
    "ร้อยละของเด็กตกหล่นที่กลับเข้าเรียน",  # a share of those found, which no indicator gives
    "ร้อยละของนักเรียนที่มีคะแนน O-NET ป.6 เฉลี่ยมากกว่าร้อยละ 50",  # a share of takers, not a mean
    "ค่าเฉลี่ย O-NET ชั้น ป.6 และ ม.3 เพิ่มขึ้น",  # two indicators at once
    "ค่าเฉลี่ยผลการทดสอบ O-NET สูงขึ้น",  # no grade named
    "โรงเรียนมีระบบดูแลช่วยเหลือนักเรียนเพื่อลดการออกกลางคัน",  # has a system
    "นักเรียนขาดเรียนเกิน 7 วันไม่เกินร้อยละ 2",  # a share of pupils, not of days
    "จำนวนเด็กตกหล่นและเด็กออกกลางคันเป็น 0",  # two indicators at once
    "ไม่มีนักเรียนถูกกลั่นแกล้งซ้ำ",  # only those that come again
    "จำนวนงานวิจัยและนวัตกรรมที่เผยแพร่",
    "ร้อยละของนักเรียนที่อ่านออกเขียนได้",
    "โรงเรียนขนาดเล็กมีคุณภาพเพิ่มขึ้น",
    "ร้อยละการเบิกจ่ายงบประมาณ",
    "",
]
TABLE = [(text, id) for id, texts in BOUND.items() for text in texts]


@pytest.mark.parametrize(("text", "id"), TABLE)
def test_the_sentence_means_this_indicator(text, id):
    suggestion = suggest_indicator(text, INDICATORS)
    assert suggestion and suggestion.indicator == id, suggestion


@pytest.mark.parametrize("text", UNBOUND)
def test_the_sentence_means_none_of_ours_or_it_is_not_clear(text):
    assert suggest_indicator(text, INDICATORS) is None


def test_the_table_is_long_enough_to_mean_something():
    assert len(TABLE) + len(UNBOUND) >= 60


def test_each_indicator_with_words_is_met_by_some_sentence():
    assert {i.id for i in INDICATORS if i.plan_words} == set(BOUND)


@pytest.mark.parametrize("id", sorted(BOUND))
def test_the_title_in_the_catalogue_finds_its_own_indicator(id):
    """Whoever copies the catalogue's words into a plan is understood, and never led to another indicator."""
    title = next(i for i in INDICATORS if i.id == id).title.th
    suggestion = suggest_indicator(title, INDICATORS)
    assert suggestion and suggestion.indicator == id, suggestion


def test_the_reason_shows_the_words_that_matched():
    with translation.override("en"):
        suggestion = suggest_indicator("ผู้รับบริการพึงพอใจมาก", INDICATORS)
    assert suggestion == ("service_satisfaction", "The text says: “พึงพอใจ” + “ผู้รับบริการ”")


def test_two_indicators_that_match_equally_well_are_not_decided_between():
    one = next(i for i in INDICATORS if i.id == "dropout_rate")
    other = one.model_copy(update={"id": "another"})
    assert suggest_indicator("อัตราการออกกลางคัน", [one, other]) is None
    assert suggest_indicator("อัตราการออกกลางคัน", [one]).indicator == "dropout_rate"


@pytest.mark.parametrize(
    ("text", "word", "held"),
    [
        ("ผลการประเมิน ITA", "ITA", True),
        ("ทักษะ digital", "ITA", False),
        ("ผลO-NETปี 2567", "O-NET", True),
        ("ผล onet", "O-NET", True),
        ("ผล N-NET", "NT", False),
        ("ต่อนักเรียน ๑,๐๐๐ คน", "ต่อนักเรียน 1,000", True),
        ("การแข่งขัน", "ขั้น", False),
        ("ความพึงพอใจของผูรับบริการ", "ผู้รับบริการ", True),
    ],
)
def test_thai_is_found_anywhere_and_latin_as_a_whole_word(text, word, held):
    assert says(text, word) is held
