package blackhole.itest.framework;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** The errors that a host's agent logs, where there is no orchestrator to tell them to. */
final class Complaints extends Handler implements AutoCloseable {
  private final SimpleFormatter formatter = new SimpleFormatter();
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  // held, because the logging system would forget it
  private final Logger log = Logger.getLogger("blackhole.host.HostAgent");

  Complaints() {
    log.addHandler(this);
  }

  String next() throws InterruptedException {
    return said.poll(30, TimeUnit.SECONDS);
  }

  @Override
  public void publish(LogRecord record) {
    if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
      said.add(formatter.formatMessage(record));
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    log.removeHandler(this);
  }
}
