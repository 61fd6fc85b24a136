package blackhole.orchestrator.supervision;

import java.util.ArrayList;
import java.util.List;

/**
 * How the health of a process has gone up and down: good, bad, good, bad is never bad so often in a
 * row that anything would be done, but no caller can rely on it. It flaps from {@link #BEGINS}
 * changes among the last {@link #CHECKS} checks on, until there are no more than {@link #ENDS}.
 *
 * @param good of the last checks, oldest first: whether it answered, and not that it is unhealthy
 */
record HealthTrend(List<Boolean> good, boolean flaps) {
  static final int CHECKS = 10;
  static final int BEGINS = 4;
  static final int ENDS = 1;

  /** Before the first check. */
  static final HealthTrend NEW = new HealthTrend(List.of(), false);

  HealthTrend {
    good = List.copyOf(good);
  }

  HealthTrend after(boolean answeredWell) {
    List<Boolean> longer = new ArrayList<>(good);
    longer.add(answeredWell);
    List<Boolean> kept = longer.subList(Math.max(0, longer.size() - CHECKS), longer.size());
    int changes = changes(kept);
    return new HealthTrend(kept, flaps ? changes > ENDS : changes >= BEGINS);
  }

  private static int changes(List<Boolean> checks) {
    int changes = 0;
    for (int i = 1; i < checks.size(); i++) {
      if (!checks.get(i).equals(checks.get(i - 1))) {
        changes++;
      }
    }
    return changes;
  }

  /** Empty when it does not flap. */
  String words() {
    return flaps
        ? "flaps: its health has changed "
            + Words.times(changes(good))
            + " in the last "
            + good.size()
            + " checks"
        : "";
  }
}
