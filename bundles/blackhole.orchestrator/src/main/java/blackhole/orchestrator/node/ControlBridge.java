package blackhole.orchestrator.node;

import blackhole.api.observe.Span;
import blackhole.api.registry.Idempotency;
import blackhole.api.supervision.JvmUsage;
import blackhole.control.v1.Hello;
import blackhole.control.v1.Ready;
import blackhole.control.v1.Sample;
import blackhole.control.v1.Spans;
import blackhole.orchestrator.control.ControlListener;
import blackhole.orchestrator.control.HostSession;
import blackhole.orchestrator.control.RegistryMessages;
import blackhole.orchestrator.registry.Registrar;
import blackhole.orchestrator.supervision.HostEvents;
import blackhole.orchestrator.usage.JvmReports;
import blackhole.orchestrator.usage.UsageSampler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Tells the supervisor, the registrar and the sampler what hosts say, in their terms: instances and
 * generations, not sessions.
 */
final class ControlBridge implements ControlListener {
  private final HostDriver driver;
  private final HostEvents events;
  private final Registrar registrar;
  private final UsageSampler usage;
  private final Consumer<String> spares;
  private final UnaryOperator<String> redaction;
  private final Consumer<List<Span>> spans;

  /**
   * @param spares told of hosts that are ready and have no instance, by their ids
   * @param redaction takes out what must not show
   * @param spans takes what hosts have recorded
   */
  ControlBridge(
      HostDriver driver,
      HostEvents events,
      Registrar registrar,
      UsageSampler usage,
      Consumer<String> spares,
      UnaryOperator<String> redaction,
      Consumer<List<Span>> spans) {
    this.redaction = redaction;
    this.spans = spans;
    this.spares = spares;
    this.driver = driver;
    this.events = events;
    this.registrar = registrar;
    this.usage = usage;
  }

  private void tell(HostSession session, Consumer<Told> message) {
    driver.run(session.hostId()).ifPresent(run -> message.accept(new Told(events, run)));
  }

  private record Told(HostEvents events, HostDriver.Run run) {}

  @Override
  public void helloed(HostSession session, Hello hello) {
    if (session.isSpare()) {
      driver.reassign(session);
      return;
    }
    Optional<String> archive = Optional.of(hello.getArchive()).filter(words -> !words.isEmpty());
    tell(session, to -> to.events().helloed(to.run().id(), to.run().generation(), archive));
  }

  @Override
  public void progress(HostSession session, String step) {
    tell(session, to -> to.events().progress(to.run().id(), to.run().generation(), step));
  }

  @Override
  public void ready(HostSession session, Ready ready) {
    if (session.isSpare()) {
      spares.accept(session.hostId());
      return;
    }
    OptionalInt port = ready.getPort() == 0 ? OptionalInt.empty() : OptionalInt.of(ready.getPort());
    Optional<String> version =
        Optional.of(ready.getBundleVersion()).filter(text -> !text.isEmpty());
    Map<String, Idempotency> methods = RegistryMessages.methods(ready.getMethodsList());
    // first, so that it is known when the supervisor calls the instance READY
    tell(session, to -> registrar.ready(to.run().id(), session.hostId(), port, methods));
    driver.run(session.hostId()).ifPresent(run -> driver.ready(run, ready));
    tell(session, to -> to.events().ready(to.run().id(), to.run().generation(), port, version));
  }

  @Override
  public void startFailed(HostSession session, String reason) {
    String shown = redaction.apply(reason);
    tell(session, to -> to.events().startFailed(to.run().id(), to.run().generation(), shown));
  }

  @Override
  public void draining(HostSession session, String reason) {
    tell(session, to -> registrar.withdraw(to.run().id(), session.hostId()));
    tell(session, to -> to.events().draining(to.run().id(), to.run().generation(), reason));
  }

  @Override
  public void sampled(HostSession session, Sample sample) {
    JvmUsage jvm = JvmReports.of(sample);
    tell(session, to -> usage.reported(to.run().id(), to.run().generation(), jvm));
  }

  @Override
  public void spans(HostSession session, Spans ended) {
    driver
        .run(session.hostId())
        .ifPresent(run -> spans.accept(SpanMessages.spans(ended, run.id().toString())));
  }

  @Override
  public void lost(HostSession session, String cause) {
    driver.run(session.hostId()).ifPresent(driver::lost);
    tell(session, to -> to.events().controlLost(to.run().id(), to.run().generation()));
  }
}
