package blackhole.orchestrator.supervision;

import java.util.List;
import java.util.stream.Stream;

/**
 * What follows from an event.
 *
 * @param actions in the order in which they are to be carried out, after the state has changed
 * @param cause for the journal, in words; empty when this is not worth an entry
 * @param who caused it
 */
record Step(State next, RestartHistory history, List<Action> actions, String cause, String who) {
  Step {
    actions = List.copyOf(actions);
  }

  Step and(Action... more) {
    return new Step(
        next, history, Stream.concat(actions.stream(), Stream.of(more)).toList(), cause, who);
  }

  Step with(RestartHistory changed) {
    return new Step(next, changed, actions, cause, who);
  }
}
