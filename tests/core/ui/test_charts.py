"""A chart's picture, table and sentence tell the same."""

from decimal import Decimal

from khet.core.ui import charts


def test_a_line_keeps_gaps_and_takes_decimals(english):
    chart = charts.line(["1", "2"], {"a": [Decimal("1.25"), None]}, summary="s", unit="%", target=Decimal("2"))
    assert chart.spec["series"] == [{"name": "a", "values": [1.25, None]}]
    assert chart.spec["target"] == {"value": 2.0}
    assert chart.head == ["Period", "a (%)"]
    assert chart.rows == [["1", "1.3"], ["2", "–"]]


def test_signals_are_words_in_the_table(english):
    chart = charts.line(["1", "2"], {"a": [1, 9]}, summary="s", signals=[1], limits=[charts.Limits(0, 1, 0, 1, 2)])
    assert [row[-1] for row in chart.rows] == ["", "beyond chance"]
    assert chart.spec["limits"] == [{"from": 0, "to": 1, "low": 0, "mean": 1, "high": 2}]


def test_bars_keep_their_order_and_say_the_status(english):
    items = [{"name": "B", "value": 9, "status": "met"}, {"name": "A", "value": None, "status": "no_data"}]
    chart = charts.bars(items, summary="s", unit="%")
    assert chart.rows == [["B", "9.0", "Met"], ["A", "–", "No data"]]
    assert chart.spec["items"][1]["value"] is None


def test_bars_without_status_have_no_status_column(english):
    assert charts.bars([{"name": "B", "value": 9}], summary="s").head == ["Name", "Value"]


def test_a_heat_map_leaves_empty_cells_out_of_the_picture_and_in_the_table(english):
    chart = charts.heatmap(["x", "y"], ["r"], [[None, 40]], summary="s")
    assert chart.spec["cells"] == [[1, 0, 40.0]]
    assert chart.rows == [["r", "–", "40"]]


def test_a_point_that_misses_a_value_is_only_in_the_table(english):
    chart = charts.scatter(
        [{"name": "A", "x": 1, "y": None}, {"name": "B", "x": 1, "y": 2}], summary="s", x_name="x", y_name="y"
    )
    assert [point["name"] for point in chart.spec["points"]] == ["B"]
    assert [row[0] for row in chart.rows] == ["A", "B"]
