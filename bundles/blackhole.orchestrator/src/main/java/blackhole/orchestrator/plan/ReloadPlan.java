package blackhole.orchestrator.plan;

import blackhole.api.supervision.Reloading.How;
import blackhole.orchestrator.config.NodeConfig;
import blackhole.orchestrator.config.ScalingPolicy;
import blackhole.orchestrator.config.ServiceConfig;
import blackhole.orchestrator.config.StartOrder;
import blackhole.orchestrator.config.parser.Setting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How a running node comes from one configuration to another: what changes at once, which services
 * are stopped, started and given new processes, in which order, what waits for a start of the node,
 * and what is in force at each moment of it. Pure, and immutable.
 */
public final class ReloadPlan {
  private static final String PORT = "port";
  private static final String MEMBERS = ".members";
  private static final String DEFAULT = "default";
  private static final String CERTIFICATES =
      "its port needs certificates, which the node makes at its start";

  private final Side before;
  private final Side after;

  /** Whose new port cannot be served by this node. */
  private final Set<String> withoutPort = new HashSet<>();

  /** To be started, if it were not for their port. */
  private final Set<String> notStarted = new HashSet<>();

  private final Set<String> changedProcess = new HashSet<>();
  private final Set<String> changedCount = new LinkedHashSet<>();
  private final List<Item> items = new ArrayList<>();

  /**
   * A configuration, as it is in force and as it is written.
   *
   * @param settings of all services, and of no others
   */
  public record Side(NodeConfig config, List<Setting> settings) {
    /** Leaves out the settings of services that are not in the configuration. */
    public Side {
      NodeConfig known = config;
      settings =
          settings.stream()
              .filter(
                  one ->
                      SettingChange.serviceOf(one.key())
                          .map(known.services()::containsKey)
                          .orElse(true))
              .toList();
    }

    boolean runs(String service) {
      return config.enabled(service).isPresent();
    }
  }

  /**
   * One setting that is another.
   *
   * @param note what else there is to say of it; else empty
   */
  public record Item(SettingChange change, How how, String note) {}

  private ReloadPlan(Side before, Side after) {
    this.before = before;
    this.after = after;
    boolean certified =
        before.config().needsCertificates() || before.config().tls().insecureLoopback();
    for (ServiceConfig service : after.config().enabledServices()) {
      if (!certified && service.port().isPresent()) {
        (before.runs(service.name()) ? withoutPort : notStarted).add(service.name());
      }
    }
    List<SettingChange> changes = SettingChange.between(before.settings(), after.settings());
    changes.stream().filter(this::isWritten).forEach(change -> items.add(item(change)));
    items.addAll(resolvedOtherwise(changes));
    for (Item item : items) {
      item.change()
          .service()
          .ifPresent(service -> note(service, item.how(), item.change().shortKey()));
    }
  }

  /**
   * @param before what is in force
   * @param after what the file says
   */
  public static ReloadPlan of(Side before, Side after) {
    return new ReloadPlan(before, after);
  }

  /** The members of a class that nobody has written down only follow what is configured. */
  private boolean isWritten(SettingChange change) {
    return !change.key().endsWith(MEMBERS)
        || Stream.of(before, after)
            .flatMap(side -> side.settings().stream())
            .filter(setting -> setting.key().equals(change.key()))
            .anyMatch(setting -> !setting.origin().equals(DEFAULT));
  }

  private Item item(SettingChange change) {
    Optional<String> service = change.service();
    if (service.isEmpty()) {
      return SettingEffect.of(change.key()) == SettingEffect.NODE
          ? new Item(change, How.NODE_RESTART, "")
          : new Item(change, How.LIVE, "");
    }
    String name = service.get();
    if (!before.runs(name) && !after.runs(name)) {
      return new Item(change, How.LIVE, "it is disabled");
    }
    if (!after.runs(name)) {
      return new Item(change, How.STOP, "");
    }
    if (!before.runs(name)) {
      return notStarted.contains(name)
          ? new Item(change, How.NODE_RESTART, CERTIFICATES)
          : new Item(change, How.START, "");
    }
    if (withoutPort.contains(name) && change.shortKey().equals(PORT)) {
      return new Item(change, How.NODE_RESTART, CERTIFICATES);
    }
    return new Item(
        change,
        SettingEffect.of(change.key()) == SettingEffect.PROCESS ? How.ROLLING : How.LIVE,
        "");
  }

  /**
   * Settings that are written as before, but refer to what is another now: a secret in a file.
   *
   * @param changes those that are written otherwise
   */
  private List<Item> resolvedOtherwise(List<SettingChange> changes) {
    List<Item> found = new ArrayList<>();
    for (ServiceConfig now : after.config().enabledServices()) {
      Optional<ServiceConfig> old = before.config().enabled(now.name());
      if (old.isEmpty()) {
        continue;
      }
      for (Setting setting : after.settings()) {
        String key = SettingChange.shortKeyOf(setting.key());
        boolean own = SettingChange.serviceOf(setting.key()).filter(now.name()::equals).isPresent();
        if (own
            && changes.stream().noneMatch(change -> change.key().equals(setting.key()))
            && !resolved(old.get(), key).equals(resolved(now, key))) {
          Optional<String> written = Optional.of(setting.value());
          found.add(
              new Item(
                  new SettingChange(setting.key(), written, written),
                  How.ROLLING,
                  "what it refers to has changed"));
        }
      }
    }
    return found;
  }

  /** What a process is told for a key; the same for all others. */
  private static Object resolved(ServiceConfig service, String key) {
    String custom = "custom.";
    if (key.startsWith(custom)) {
      return Optional.ofNullable(service.custom().get(key.substring(custom.length())));
    }
    return switch (key) {
      case "bundle" -> service.bundle();
      case "jvm_args" -> service.jvmArgs();
      case "unix_socket" -> service.unixSocket();
      case "port" -> service.port();
      case "grpc.max_message_size" -> service.grpc().maxMessageSizeBytes();
      case "grpc.rate_limit" -> service.grpc().rateLimit();
      default -> "";
    };
  }

  private void note(String service, How how, String key) {
    if (how == How.ROLLING) {
      changedProcess.add(service);
    }
    if (how == How.LIVE && isOfCount(key) && before.runs(service)) {
      changedCount.add(service);
    }
  }

  private static boolean isOfCount(String key) {
    return key.equals("instances") || key.startsWith("scaling.");
  }

  /** Whether a change has its service moved: stopped, started, replaced, or counted anew. */
  public boolean moves(Item item) {
    return switch (item.how()) {
      case ROLLING, START, STOP -> true;
      case LIVE ->
          isOfCount(item.change().shortKey())
              && item.change().service().filter(changedCount::contains).isPresent();
      case NODE_RESTART -> false;
    };
  }

  /** All that is another, in the order of the file. */
  public List<Item> items() {
    return List.copyOf(items);
  }

  /** Services to drain and to stop, those that others depend on last. */
  public List<String> stopping() {
    List<String> order = inOrder(before.config().enabledServices(), name -> !after.runs(name));
    Collections.reverse(order);
    return List.copyOf(order);
  }

  /** Services to start, those that others depend on first. */
  public List<String> starting() {
    return List.copyOf(
        inOrder(
            after.config().enabledServices(),
            name -> !before.runs(name) && !notStarted.contains(name)));
  }

  /** Services that get new processes, those that others depend on first. */
  public List<String> rolling() {
    return List.copyOf(
        inOrder(
            after.config().enabledServices(),
            name -> changedProcess.contains(name) && before.runs(name)));
  }

  private static List<String> inOrder(Collection<ServiceConfig> all, Predicate<String> some) {
    List<String> order = new ArrayList<>();
    StartOrder.levels(all).forEach(level -> level.stream().filter(some).forEach(order::add));
    return order;
  }

  /** Services that run on, with another number of instances or other bounds of it. */
  public List<String> recounted() {
    return List.copyOf(changedCount);
  }

  /**
   * How many instances such a service is to have.
   *
   * @param present how many it has
   */
  public int count(String service, int present) {
    ServiceConfig config = after.config().services().get(service);
    if (config == null) {
      throw new IllegalArgumentException("there is no service " + service);
    }
    Optional<ScalingPolicy> scaling = config.scaling();
    return scaling.isEmpty()
        ? config.instances()
        : Math.min(Math.max(present, scaling.get().minInstances()), scaling.get().maxInstances());
  }

  /**
   * What is in force once all that can change at once has, and these of the services are dealt
   * with: stopped, started, or given new processes.
   */
  public Side inForce(Set<String> done) {
    Map<String, ServiceConfig> services = new LinkedHashMap<>();
    for (ServiceConfig now : after.config().services().values()) {
      inForce(now, done).ifPresent(service -> services.put(now.name(), service));
    }
    for (ServiceConfig old : before.config().services().values()) {
      // gone from the file; until it has stopped, it is still to be known
      if (!after.config().services().containsKey(old.name())
          && old.enabled()
          && !done.contains(old.name())) {
        services.put(old.name(), old);
      }
    }
    NodeConfig config = before.config().with(services, after.config());
    return new Side(config, settings(config, done));
  }

  private Optional<ServiceConfig> inForce(ServiceConfig now, Set<String> done) {
    String name = now.name();
    Optional<ServiceConfig> old = Optional.ofNullable(before.config().services().get(name));
    if (isAsBefore(name, done)) {
      return old;
    }
    if (old.isPresent() && changedProcess.contains(name) && !done.contains(name)) {
      return Optional.of(now.withProcessOf(old.get()));
    }
    return Optional.of(
        withoutPort.contains(name)
            ? now.withPort(old.map(ServiceConfig::port).orElse(OptionalInt.empty()))
            : now);
  }

  /** It is to be stopped or started, and that has not been done. */
  private boolean isAsBefore(String name, Set<String> done) {
    return notStarted.contains(name)
        || (before.runs(name) != after.runs(name) && !done.contains(name));
  }

  private List<Setting> settings(NodeConfig config, Set<String> done) {
    Predicate<Setting> kept =
        setting -> {
          Optional<String> service = SettingChange.serviceOf(setting.key());
          if (service.isEmpty()) {
            return SettingEffect.of(setting.key()) == SettingEffect.NODE;
          }
          String name = service.get();
          return isAsBefore(name, done)
              || (withoutPort.contains(name)
                  && SettingChange.shortKeyOf(setting.key()).equals(PORT))
              || (changedProcess.contains(name)
                  && !done.contains(name)
                  && SettingEffect.of(setting.key()) == SettingEffect.PROCESS);
        };
    Map<String, Setting> old = new LinkedHashMap<>();
    before.settings().stream().filter(kept).forEach(setting -> old.put(setting.key(), setting));
    List<Setting> merged = new ArrayList<>();
    for (Setting setting : after.settings()) {
      if (!kept.test(setting)) {
        merged.add(setting);
      } else if (old.containsKey(setting.key())) {
        merged.add(old.remove(setting.key()));
      }
    }
    merged.addAll(old.values());
    // what no service has any more is left out
    return new Side(config, merged).settings();
  }
}
