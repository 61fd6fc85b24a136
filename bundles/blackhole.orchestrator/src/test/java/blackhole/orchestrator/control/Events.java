package blackhole.orchestrator.control;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import blackhole.control.v1.Hello;
import blackhole.control.v1.Ready;
import blackhole.control.v1.Sample;
import blackhole.control.v1.Spans;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What a listener heard, in order. */
final class Events implements ControlListener {
  record Event(HostSession session, String text) {}

  final BlockingQueue<Event> queue = new LinkedBlockingQueue<>();

  HostSession expect(String text) throws InterruptedException {
    Event event = queue.poll(30, SECONDS);
    assertThat(event).as("an event: " + text).isNotNull();
    assertThat(event.text()).isEqualTo(text);
    return event.session();
  }

  String next() throws InterruptedException {
    Event event = queue.poll(30, SECONDS);
    assertThat(event).as("an event").isNotNull();
    return event.text();
  }

  @Override
  public void helloed(HostSession session, Hello hello) {
    queue.add(new Event(session, "helloed"));
  }

  @Override
  public void progress(HostSession session, String step) {
    queue.add(new Event(session, "progress " + step));
    if (step.equals("throw")) {
      throw new IllegalStateException("thrown on purpose");
    }
  }

  @Override
  public void ready(HostSession session, Ready ready) {
    queue.add(new Event(session, "ready " + ready.getSocket()));
  }

  @Override
  public void startFailed(HostSession session, String reason) {
    queue.add(new Event(session, "startFailed " + reason));
  }

  @Override
  public void draining(HostSession session, String reason) {
    queue.add(new Event(session, "draining " + reason));
  }

  @Override
  public void spans(HostSession session, Spans spans) {
    queue.add(new Event(session, "spans " + spans.getSpans(0).getName()));
  }

  @Override
  public void sampled(HostSession session, Sample sample) {
    queue.add(new Event(session, "sampled " + sample.getThreads()));
  }

  @Override
  public void lost(HostSession session, String cause) {
    queue.add(new Event(session, "lost " + cause));
  }
}
