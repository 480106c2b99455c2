import threading

from codekin_server.workspace.counters import Counters, Tally


def test_amounts_add_up():
    tally = Tally()

    tally.add(Counters(units_embedded=2, units_seen=3))
    tally.add(Counters(units_seen=4))

    assert tally.total == Counters(units_embedded=2, units_seen=7)


def test_no_amount_is_lost_between_threads():
    tally = Tally()

    def add():
        for _ in range(500):
            tally.add(Counters(units_reused=1))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert tally.total.units_reused == 2000
