package blackhole.process;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A controller with the group that it acts on, or why there is none.
 *
 * @param problem in words; empty when there is one
 */
record Grip<C>(Optional<Held<C>> held, String problem) {
  /**
   * A controller that a process is held by.
   *
   * @param tree where its group is
   */
  record Held<C>(C controller, CgroupTree tree, Path group, Controls controls) {}

  static <C> Grip<C> none(String problem) {
    return new Grip<>(Optional.empty(), problem);
  }

  Outcome set(BiFunction<C, Controls, Outcome> action) {
    return held.map(grip -> action.apply(grip.controller(), grip.controls()))
        .orElseGet(() -> Outcome.failed(problem));
  }
}
