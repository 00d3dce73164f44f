"""How often somebody may do something: attempts come back with time, and not in any other way."""

from __future__ import annotations

from pwa.patience import Patience


def test_patience_comes_back_slowly() -> None:
    patience = Patience(2, 60.0)
    assert [patience.take("a", "b") for _ in range(3)] == [True, True, False]
    patience.give_back("a", "b")
    assert patience.take("b")


def test_who_has_no_attempt_left_gets_none_back_because_others_come() -> None:
    patience = Patience(2, 60.0)
    assert [patience.wait("thief", at=0) for _ in range(2)] == [0, 0]
    for number in range(20_010):
        assert patience.wait("thief", f"refused {number}", at=0)
    assert patience.left.keys() == {"thief"}
    for number in range(40_010):
        assert not patience.wait(f"other {number}", at=0)
    assert len(patience.left) <= 20_000
    assert patience.wait("thief", at=0)


def test_a_wide_network_has_four_times_as_much_and_is_counted_with_each_narrow_one_in_it() -> None:
    patience = Patience(20, 60.0)
    wide = "from 2001:db8:1::/48"
    assert [patience.wait("from 2001:db8:1:1::", wide, at=0) for _ in range(21)] == [0] * 20 + [61]
    others = [patience.wait(f"from 2001:db8:1:{number:x}::", wide, at=0) for number in range(2, 200)]
    assert others.count(0) == 60
    assert others[-1] == 16
    assert patience.wait("from 2001:db8:2:1::", "from 2001:db8:2::/48", at=0) == 0
