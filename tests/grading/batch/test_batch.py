"""A batch run whole, in parts, by two at once, and after a kill: every answer once."""

import pytest

from tutor_app.domain.submission import Submission
from tutor_app.errors import GradingError, NotFoundError
from tutor_app.grading import batch as running
from tutor_app.grading.batch import run_batch
from tutor_app.grading.start import Assigned


def run(store, batch_id, grader, **more):
    more.setdefault("find_item", lambda reference: pytest.fail(reference))
    return run_batch(store, batch_id, grader, **more)


def test_every_answer_gets_one_proposal_and_progress_says_what_is_left(store, made, monkeypatch):
    monkeypatch.setattr(running, "PAGE", 3)
    batch = made.start(store, 8).batch
    told = []
    ran = run(store, batch.id, made.WordGrader(), on_progress=told.append)
    assert (ran.graded, ran.waiting, ran.pending, ran.stopped) == (8, 0, 0, False)
    proposals = made.settled(batch, store)
    assert {len(one) for one in proposals.values()} == {1}
    assert proposals["1"][0]["criteria"][0]["evidence"][0]["quote"] == "force"
    assert [(one.done, one.total) for one in told] == [(3, 8), (6, 8), (8, 8)]
    assert told[0].rate > 0
    assert told[-1].left_s == 0


def test_the_same_inputs_again_do_nothing_and_others_make_another_batch(store, made):
    first = made.start(store, 8)
    again = made.start(store, 8)
    assert (first.fresh, again.fresh) == (True, False)
    assert again.batch == first.batch
    run(store, first.batch.id, made.WordGrader())
    assert run(store, again.batch.id, made.WordGrader()).graded == 0
    moved = [one.model_copy(update={"source": "elsewhere"}) for one in made.make_submissions(8)]
    assert not made.start(store, submissions=moved).fresh
    assert made.start(store, 7).fresh
    assert made.start(store, 8, grader="words-0.2:def").fresh
    assert made.start(store, 8, assigned={"Q1": Assigned(made.make_rubric(points=3))}).fresh
    assert len(store.grading.batches()) == 4


def test_graders_see_no_names_and_take_answers_in_an_order_that_only_the_seed_sets(store, made):
    grader = made.WordGrader()
    run(store, made.start(store, 12).batch.id, grader)
    for one in grader.seen:
        hidden = one.model_dump(exclude={"text", "question"})
        assert "ada" not in str(hidden).lower()
        assert (one.name, one.source, one.groups, one.details, one.remarks) == ("", "", {}, {}, ())
    orders = []
    for seed in (1, 1, 2):
        other = made.WordGrader()
        batch = made.start(store, 12, seed=seed, course_id=f"c{len(orders)}").batch
        run(store, batch.id, other)
        orders.append([one.text for one in other.seen])
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) != orders[0]


def test_a_submission_that_could_not_be_read_is_never_graded(store, made):
    broken = Submission(id="x", learner="bo", question="Q1", problem="The file is locked.")
    batch = made.start(store, submissions=[*made.make_submissions(2), broken]).batch
    grader = made.WordGrader()
    assert run(store, batch.id, grader).graded == 2
    assert len(grader.seen) == 2
    assert store.grading.count(batch.id) == (3, 2, 0)
    assert store.grading.marked_one(batch.id, "3").grade is None


def test_an_answer_that_a_call_failed_for_is_tried_again_by_the_next_run_only(store, made):
    batch = made.start(store, 8).batch
    ran = run(store, batch.id, made.WordGrader(unsure_of="Only"))
    assert (ran.graded, ran.pending) == (8, 2)
    assert store.grading.queue.failed(batch.id) == 2
    assert run(store, batch.id, made.WordGrader(), again=False).graded == 0
    ran = run(store, batch.id, made.WordGrader())
    assert (ran.graded, ran.pending) == (2, 0)
    assert store.grading.queue.failed(batch.id) == 0
    assert sorted(len(one) for one in made.settled(batch, store).values()) == [1] * 6 + [2] * 2


def test_an_answer_that_a_grader_cannot_judge_is_graded_once(store, made):
    batch = made.start(store, 8).batch
    grader = made.WordGrader(unsure_of="Only", fails=False)
    assert run(store, batch.id, grader).pending == 2
    again = run(store, batch.id, grader)
    assert (again.graded, again.pending) == (0, 2)
    assert len(grader.seen) == 8


def test_a_run_stops_when_asked_and_goes_on_where_it_stopped(store, made):
    batch = made.start(store, 8).batch
    grader = made.WordGrader()
    ran = run(store, batch.id, grader, should_stop=lambda: len(grader.seen) == 3)
    assert (ran.graded, ran.waiting, ran.elsewhere, ran.stopped) == (3, 5, 0, True)
    assert run(store, batch.id, made.WordGrader(), limit=2).graded == 2
    assert run(store, batch.id, made.WordGrader()).graded == 3
    assert {len(one) for one in made.settled(batch, store).values()} == {1}


def test_a_run_notices_that_its_batch_was_paused_elsewhere(store, made, monkeypatch):
    monkeypatch.setattr(running, "PAGE", 2)
    batch = made.start(store, 8).batch

    def pause(progress):
        store.grading.set_state(batch.id, "paused")

    ran = run(store, batch.id, made.WordGrader(), on_progress=pause)
    assert (ran.graded, ran.stopped) == (2, True)
    assert run(store, batch.id, made.WordGrader()).graded == 6
    assert store.grading.batch(batch.id).state == "open"


def test_what_a_failing_grader_had_finished_is_kept(store, made):
    class Fails(made.WordGrader):
        def grade_batch(self, submissions, rubric, **more):
            every = super().grade_batch(submissions, rubric, **more)
            yield next(every)
            yield next(every)
            raise NotFoundError("the model is gone")

    batch = made.start(store, 8).batch
    with pytest.raises(NotFoundError, match="the model is gone"):
        run(store, batch.id, Fails())
    assert store.grading.count(batch.id)[1] == 2
    assert run(store, batch.id, made.WordGrader()).graded == 6


def test_a_grader_that_swallows_answers_is_named(store, made):
    class Lazy(made.WordGrader):
        def grade_batch(self, submissions, rubric, **more):
            yield next(super().grade_batch(submissions, rubric, **more))

    batch = made.start(store, 8).batch
    with pytest.raises(GradingError, match=r"gave 1 grades for 8 answers"):
        run(store, batch.id, Lazy())


def test_another_grader_does_not_go_on_with_a_batch_and_an_undone_one_is_left_alone(store, made):
    batch = made.start(store, 8).batch
    other = made.WordGrader()
    other.name = "words-0.2:def"
    with pytest.raises(GradingError, match=r"begun with grader words-0\.1:abc.*rescore"):
        run(store, batch.id, other)
    store.grading.set_state(batch.id, "undone")
    with pytest.raises(GradingError, match=r"was undone"):
        run(store, batch.id, made.WordGrader())
    assert store.grading.count(batch.id) == (8, 0, 0)


def test_an_item_that_is_gone_is_told_before_anything_is_graded(store, made):
    assigned = {"Q1": Assigned(made.make_rubric(), item="mechanics/gone")}
    batch = made.start(store, 8, assigned=assigned).batch

    def find(reference):
        raise NotFoundError.for_name("item", reference, [])

    with pytest.raises(NotFoundError, match="mechanics/gone"):
        run(store, batch.id, made.WordGrader(), find_item=find)
    assert store.grading.count(batch.id) == (8, 0, 0)


def test_an_empty_source_a_question_without_a_rubric_and_a_rubric_without_one_are_told(store, made):
    both = [*made.make_submissions(2), *made.make_submissions(2, "Q2")]
    rubric = Assigned(made.make_rubric())
    with pytest.raises(GradingError, match=r"no rubric for 'Q2'.*skip"):
        made.start(store, submissions=both)
    with pytest.raises(GradingError, match=r"no rubric for 'Q1', 'Q2'"):
        made.start(store, submissions=both, assigned={"": rubric})
    with pytest.raises(GradingError, match=r"nobody answered 'Q3'.*'Q1'"):
        made.start(store, 2, assigned={"Q1": rubric, "Q3": rubric})
    with pytest.raises(GradingError, match="two submissions have the id"):
        made.start(store, submissions=made.make_submissions(1) * 2)
    with pytest.raises(GradingError, match="nothing to grade"):
        made.start(store, submissions=iter(()))
    assert store.grading.batches() == []
    left = made.start(store, submissions=both, leave_out=["Q2"])
    assert left.left_out == {"Q2": 2}
    assert store.grading.count(left.batch.id)[0] == 2
    assert made.start(store, 2, assigned={"": rubric}).fresh is False


def test_a_question_named_for_a_file_without_names_is_told_so(store, made):
    nameless = made.make_submissions(2, question="")
    with pytest.raises(GradingError, match=r"one question, without a name.*'Q9'.*one rubric alone"):
        made.start(store, submissions=nameless, assigned={"Q9": Assigned(made.make_rubric())})
