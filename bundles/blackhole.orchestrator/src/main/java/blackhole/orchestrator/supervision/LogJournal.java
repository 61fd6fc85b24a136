package blackhole.orchestrator.supervision;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Writes each entry as a line of the node's log. */
public final class LogJournal implements Journal {
  private static final Logger LOG = System.getLogger(LogJournal.class.getName());

  @Override
  public void record(Entry entry) {
    LOG.log(entry.warning() ? Level.WARNING : Level.INFO, entry.line());
  }

  @Override
  public void decided(Decision decision) {
    LOG.log(decision.warning() ? Level.WARNING : Level.INFO, decision.line());
  }
}
