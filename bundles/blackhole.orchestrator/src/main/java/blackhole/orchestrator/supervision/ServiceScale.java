package blackhole.orchestrator.supervision;

import blackhole.api.supervision.InstanceId;
import blackhole.api.supervision.SupervisionException;
import blackhole.orchestrator.config.ServiceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Starts instances as far as they fit this machine, and gives services more or fewer of them. Lives
 * in the serial context.
 */
final class ServiceScale {
  private final InstanceTable table;
  private final SerialContext context;
  private final Journal journal;
  private final Supplier<Capacity> capacity;
  private final Consumer<ManagedInstance> retired;
  private final StandIns standIns;

  /**
   * @param capacity as it is now
   * @param retired hears of each instance that has been taken out of the table
   */
  ServiceScale(
      InstanceTable table,
      SerialContext context,
      Journal journal,
      Supplier<Capacity> capacity,
      Consumer<ManagedInstance> retired,
      StandIns standIns) {
    this.standIns = standIns;
    this.table = table;
    this.context = context;
    this.journal = journal;
    this.capacity = capacity;
    this.retired = retired;
  }

  /** Starts an instance, unless it does not fit this machine beside what runs already. */
  CompletableFuture<String> start(ManagedInstance instance, String who) {
    Optional<String> tooMuch = isIdle(instance) ? tooMuch(instance.service(), 1) : Optional.empty();
    if (tooMuch.isEmpty()) {
      return instance.start(who);
    }
    String words = "not started: " + tooMuch.get();
    instance.leaveStopped(words);
    return CompletableFuture.failedFuture(new SupervisionException(instance.id() + " is " + words));
  }

  /** As {@link #start}, for one that has to be stopped first, if it runs. */
  CompletableFuture<String> restart(ManagedInstance instance, String who) {
    return isIdle(instance) ? start(instance, who) : instance.restart(who);
  }

  /** Gives services the instances that an earlier orchestrator had for them. Nothing runs yet. */
  void restore(Map<InstanceId, Remembered> earlier) {
    Set<String> services =
        earlier.keySet().stream().map(InstanceId::service).collect(Collectors.toSet());
    for (ManagedInstance one : List.copyOf(table.all())) {
      if (services.contains(one.id().service()) && !earlier.containsKey(one.id())) {
        table.leave(one);
        if (table.retire(one)) {
          retired.accept(one);
        }
      }
    }
    earlier.forEach((id, known) -> table.findOrAdd(id).ifPresent(one -> one.remember(known)));
  }

  /**
   * By hand: runs as many instances of a service, those included that were stopped or have failed.
   *
   * @throws SupervisionException when it is being updated
   * @throws IllegalArgumentException when there cannot be so many, in words
   */
  CompletionStage<List<String>> to(String service, int count, String who) {
    List<ManagedInstance> present = table.wanted(service);
    ServiceConfig config = table.config(service);
    standIns.refuseIfReserved(service);
    refuse(ScaleRules.refusal(config, count, capacity.get()));
    List<ManagedInstance> going = going(present, count);
    List<ManagedInstance> idle =
        present.stream().filter(one -> !going.contains(one) && isIdle(one)).toList();
    int added = Math.max(0, count - present.size());
    Optional<String> tooMuch = tooMuch(config, idle.size() + added);
    if (tooMuch.isPresent()) {
      decided(service, "not scaled to " + count + ": " + tooMuch.get(), who, true);
      return CompletableFuture.failedStage(
          new SupervisionException(service + " is not scaled to " + count + ": " + tooMuch.get()));
    }
    if (count != present.size()) {
      decided(service, "scaled from " + present.size() + " to " + count, who, false);
    }
    List<CompletableFuture<String>> answers = new ArrayList<>();
    idle.forEach(one -> answers.add(one.start(who)));
    table.add(config, added).forEach(one -> answers.add(one.start(who)));
    going.forEach(one -> answers.add(remove(one, who)));
    return answers.isEmpty()
        ? CompletableFuture.completedStage(List.of(unchanged(service, count)))
        : Answers.all(answers);
  }

  /**
   * One step of the scaler, if the service still has as many instances as it thought, and none is
   * being updated.
   *
   * @return why nothing was started; empty when something was, or when things have changed since
   */
  Optional<String> step(String service, int from, int to, String why, String who) {
    List<ManagedInstance> present = table.wanted(service);
    ServiceConfig config = table.config(service);
    if (present.size() != from
        || standIns.isReserved(service)
        || ScaleRules.refusal(config, to, capacity.get()).isPresent()) {
      return Optional.empty();
    }
    Optional<String> tooMuch = tooMuch(config, to - from);
    if (tooMuch.isPresent()) {
      return tooMuch;
    }
    decided(service, "scaled from " + from + " to " + to + ": " + why, who, false);
    table.add(config, Math.max(0, to - from)).forEach(one -> one.start(who));
    going(present, to).forEach(one -> remove(one, who));
    return Optional.empty();
  }

  /** Starts a service that the configuration has got, with as many instances as it says. */
  List<CompletableFuture<String>> enter(String service, String who) {
    ServiceConfig config = table.config(service);
    List<ManagedInstance> present = table.ofService(service);
    List<ManagedInstance> all = present.isEmpty() ? table.add(config, config.instances()) : present;
    return all.stream().map(one -> start(one, who)).toList();
  }

  /** Drains and stops all instances of a service, and takes them out of the table. */
  List<CompletableFuture<String>> leave(String service, String who) {
    return table.ofService(service).stream().map(one -> remove(one, who)).toList();
  }

  void decided(String service, String words, String who, boolean warning) {
    journal.decided(
        new Journal.Decision(
            context.wallTime(), service, Journal.Topic.SCALING, words, who, warning));
  }

  /**
   * Why some more instances of a service are not started; empty when they fit. What waits for its
   * restart counts as running, and what drains still does.
   */
  Optional<String> tooMuch(ServiceConfig service, int more) {
    if (more <= 0) {
      return Optional.empty();
    }
    Capacity now = capacity.get();
    long running =
        table.all().stream()
            .filter(one -> !isIdle(one))
            .mapToLong(one -> now.memoryBytes().applyAsLong(one.service()))
            .sum();
    long each = now.memoryBytes().applyAsLong(service);
    return now.memory().refusal(running, each, more);
  }

  private static boolean isIdle(ManagedInstance instance) {
    return instance.state() instanceof Stopped || instance.state() instanceof Failed;
  }

  private static void refuse(Optional<String> refusal) {
    if (refusal.isPresent()) {
      throw new IllegalArgumentException(refusal.get());
    }
  }

  private static List<ManagedInstance> going(List<ManagedInstance> present, int count) {
    List<ScaleRules.Candidate> candidates =
        present.stream()
            .map(
                one ->
                    new ScaleRules.Candidate(
                        one.id().instance(),
                        one.state().shown(),
                        one.state().health(one.dependencies())))
            .toList();
    List<Integer> numbers =
        present.size() > count ? ScaleRules.leaving(candidates, count) : List.of();
    return numbers.stream()
        .flatMap(number -> present.stream().filter(one -> one.id().instance() == number))
        .toList();
  }

  /** Drains and stops it, then takes it out of the table; answered when it is out. */
  CompletableFuture<String> remove(ManagedInstance instance, String who) {
    table.leave(instance);
    CompletableFuture<String> answer = new CompletableFuture<>();
    // not within the event that ends it: its last state is to be seen first
    instance
        .stop(who)
        .whenComplete((line, problem) -> context.execute(() -> retire(instance, line, answer)));
    return answer;
  }

  private void retire(ManagedInstance instance, String line, CompletableFuture<String> answer) {
    if (table.retire(instance)) {
      retired.accept(instance);
    }
    answer.complete(line);
  }

  private static String unchanged(String service, int count) {
    return count == 1
        ? service + " has one instance already"
        : service + " has " + count + " instances already";
  }
}
