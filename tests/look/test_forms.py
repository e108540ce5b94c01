"""How a form is drawn: label, help, error, input; after a failed submit a summary that leads to each field."""
import re

import pytest
from crispy_forms.helper import FormHelper
from django import forms
from django.template import engines


class Activity(forms.Form):
    name = forms.CharField(label="活动名称", help_text="写清楚时间和地点")
    copies = forms.IntegerField(label="折页份数", max_value=65, required=False)
    shape = forms.ChoiceField(label="活动形式", choices=[("a", "集中宣传"), ("b", "讲座")], widget=forms.RadioSelect)
    unit = forms.ChoiceField(label="单位", choices=[("", "请选择"), ("a", "望禾街道")])
    checked = forms.BooleanField(label="我已核对")
    paper = forms.FileField(label="附件", required=False)

    def clean(self):
        if self.cleaned_data.get("copies") == 13:
            raise forms.ValidationError("折页只有 65 份，不能发 80 份")


def drawn(form):
    helper = FormHelper()
    helper.form_tag = False
    template = engines["django"].from_string("{% load crispy_forms_tags %}{% crispy form helper %}")
    return re.sub(r"\s+", " ", template.render({"form": form, "helper": helper}))


def places(html, *pieces):
    return [html.index(piece) for piece in pieces]


def test_help_stands_between_label_and_input():
    html = drawn(Activity())
    order = places(html, '<label class="form-label" for="id_name">', 'id="id_name_helptext"', '<input type="text"')
    assert order == sorted(order)


def test_an_error_stands_above_its_input_and_is_bound_to_it():
    html = drawn(Activity({"copies": "80"}))
    field = html[html.index('id="div_id_copies"') : html.index('id="div_id_shape"')]
    order = places(field, "<label", 'id="id_copies_error"', "<input")
    assert order == sorted(order)
    assert 'aria-describedby="id_copies_error"' in field
    assert 'aria-invalid="true"' in field
    assert html.count('class="mf-field is-wrong"') == 5  # 折页只是可不填，但填了就要对


def test_the_summary_links_to_every_wrong_field():
    html = drawn(Activity({"copies": "80"}))
    summary = html[html.index("data-mf-errors") : html.index("</ul>")]
    assert re.findall(r'href="#(\w+)">([^：]+)：', summary) == [
        ("id_name", "活动名称"), ("id_copies", "折页份数"), ("div_id_shape", "活动形式"),
        ("id_unit", "单位"), ("id_checked", "我已核对"),
    ]  # fmt: skip
    for target in re.findall(r'href="#(\w+)"', summary):
        assert f'id="{target}"' in html


def test_an_error_of_the_whole_form_stands_in_the_summary():
    good = {"name": "宣传", "copies": "13", "shape": "a", "unit": "a", "checked": "on"}
    html = drawn(Activity(good))
    assert "<li>折页只有 65 份，不能发 80 份</li>" in html
    assert "is-wrong" not in html


def test_a_good_or_untouched_form_has_no_summary():
    assert "data-mf-errors" not in drawn(Activity())


@pytest.mark.parametrize(("field", "said"), [("copies", True), ("paper", True), ("name", False), ("unit", False)])
def test_what_may_be_left_out_says_so(field, said):
    html = drawn(Activity())
    label = html[html.index(f'for="id_{field}"') :]
    assert ("可不填" in label[: label.index("</label>")]) is said


def test_what_people_typed_is_escaped():
    html = drawn(Activity({"name": '"><script>alert(1)</script>', "copies": "x"}))
    assert "<script" not in html


def test_no_part_of_a_form_carries_its_own_style_or_script():
    assert not re.search(r"style=|<script|\son\w+=", drawn(Activity({})))
