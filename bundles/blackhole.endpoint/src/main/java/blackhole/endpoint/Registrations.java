package blackhole.endpoint;

import blackhole.endpoint.call.Generation;
import blackhole.endpoint.call.Generations;
import blackhole.endpoint.gate.ServiceShape;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What bundles have registered, what was said of these bundles, and what is served accordingly.
 * Used under one lock; what {@link #view} gives is immutable.
 */
final class Registrations {
  private static final Comparator<Registration> BEST_FIRST =
      Comparator.comparingInt(Registration::ranking).reversed().thenComparingLong(Registration::id);

  /** What may be said of a bundle; of most, nothing is. */
  enum Place {
    KEPT_BACK,
    /** Its streams only; else it is served. */
    STREAMS_HELD,
    HELD,
    REPLACED
  }

  /**
   * A service of a bundle.
   *
   * @param owner the bundle
   */
  record Registration(
      long id,
      int ranking,
      long owner,
      ServerServiceDefinition definition,
      ServiceShape shape,
      Generations generations) {
    String name() {
      return shape.name();
    }
  }

  /** A method, and where its calls belong. */
  record Bound(ServerMethodDefinition<?, ?> method, Generation generation) {}

  /**
   * A method whose calls wait.
   *
   * @param ending its handler, as long as calls may be in flight there
   * @param waitedFor where these calls may be
   */
  record Held(
      ServerMethodDefinition<?, ?> waiting,
      @Nullable ServerMethodDefinition<?, ?> ending,
      List<Generation> waitedFor) {}

  /**
   * What is served now, and what is held.
   *
   * @param services by name, those too that are held
   */
  record View(
      Map<String, ServiceShape> services, Map<String, Bound> methods, Map<String, Held> held) {}

  private final Map<Long, Registration> registrations = new LinkedHashMap<>();
  private final Map<Long, Place> places = new HashMap<>();

  /** By name; they stay when those that had them are gone. */
  private final Map<String, ServiceShape> holding = new TreeMap<>();

  void add(Registration added) {
    registrations.put(added.id(), added);
  }

  Optional<Registration> remove(long id) {
    return Optional.ofNullable(registrations.remove(id));
  }

  List<Registration> of(long owner) {
    return registrations.values().stream().filter(each -> each.owner() == owner).toList();
  }

  void place(long owner, Place place) {
    places.put(owner, place);
    if (place == Place.HELD || place == Place.STREAMS_HELD) {
      of(owner).forEach(each -> holding.put(each.name(), each.shape()));
    }
  }

  boolean isKeptBack(long owner) {
    return places.get(owner) == Place.KEPT_BACK;
  }

  /** Whether another bundle has its services, or is to have them. */
  boolean isReplaced(long owner) {
    Place place = places.get(owner);
    return place == Place.HELD || place == Place.REPLACED;
  }

  private boolean isServed(Registration registration) {
    Place place = places.get(registration.owner());
    return place == null || place == Place.STREAMS_HELD;
  }

  /** Its calls that are in flight may wait for some that come. */
  private boolean isEnding(Registration registration) {
    Place place = places.get(registration.owner());
    return place == Place.HELD || place == Place.STREAMS_HELD;
  }

  /** Nothing is said of it any more. */
  void serve(long owner) {
    places.remove(owner);
  }

  /** What is not served now is not held any more either. */
  void release() {
    holding.clear();
  }

  /** Those that are served under this name, or would be. */
  List<Registration> rivals(String name) {
    return registrations.values().stream()
        .filter(each -> each.name().equals(name) && isServed(each))
        .sorted(BEST_FIRST)
        .toList();
  }

  Set<String> keptBack(long owner) {
    return isKeptBack(owner)
        ? of(owner).stream().map(Registration::name).collect(Collectors.toUnmodifiableSet())
        : Set.of();
  }

  View view() {
    Map<String, ServiceShape> services = new TreeMap<>();
    Map<String, Bound> methods = new HashMap<>();
    Map<String, Held> held = new HashMap<>();
    List<Registration> bestFirst = new ArrayList<>(registrations.values());
    bestFirst.sort(BEST_FIRST);
    for (Registration each : bestFirst) {
      if (isServed(each) && services.putIfAbsent(each.name(), each.shape()) == null) {
        boolean all = !isEnding(each);
        methods.putAll(bound(each, type -> all || !Generations.isStream(type)));
        if (!all) {
          held.putAll(held(each.shape(), each, Generations::isStream));
        }
      }
    }
    holding.forEach(
        (name, shape) -> {
          if (services.putIfAbsent(name, shape) == null) {
            held.putAll(held(shape, ending(bestFirst, name), type -> true));
          }
        });
    return new View(services, methods, held);
  }

  private @Nullable Registration ending(List<Registration> bestFirst, String name) {
    return bestFirst.stream()
        .filter(each -> each.name().equals(name) && isEnding(each))
        .findFirst()
        .orElse(null);
  }

  private static Map<String, Bound> bound(Registration registration, Predicate<MethodType> which) {
    Map<String, Bound> methods = new HashMap<>();
    for (ServerMethodDefinition<?, ?> method : registration.definition().getMethods()) {
      MethodType type = method.getMethodDescriptor().getType();
      if (which.test(type)) {
        methods.put(
            method.getMethodDescriptor().getFullMethodName(),
            new Bound(method, registration.generations().of(type)));
      }
    }
    return methods;
  }

  private Map<String, Held> held(
      ServiceShape shape, @Nullable Registration ending, Predicate<MethodType> which) {
    // a call of any of the bundle's services may be what waits
    List<Generation> waitedFor =
        ending == null
            ? List.of()
            : of(ending.owner()).stream()
                .flatMap(each -> each.generations().both().stream())
                .toList();
    Map<String, Held> held = new HashMap<>();
    for (ServerMethodDefinition<?, ?> method : shape.methods()) {
      if (which.test(method.getMethodDescriptor().getType())) {
        String full = method.getMethodDescriptor().getFullMethodName();
        held.put(
            full,
            new Held(
                method, ending == null ? null : ending.definition().getMethod(full), waitedFor));
      }
    }
    return held;
  }
}
