package blackhole.events.stream;

import blackhole.events.call.EventsException;
import blackhole.events.call.EventsException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The consumer groups, with or without subscribers. They are saved when one is made, and from time
 * to time; a position that is a little old means that some events are sent again. Thread-safe.
 */
final class Groups {
  private static final class Group {
    final Subscription subscription;
    long lastUsedMillis;

    Group(Subscription subscription, long lastUsedMillis) {
      this.subscription = subscription;
      this.lastUsedMillis = lastUsedMillis;
    }
  }

  private final GroupFile file;
  private final int max;
  private final LongSupplier wallMillis;

  // guarded by this
  private final Map<String, Group> groups = new TreeMap<>();
  private Map<String, Long> saved = new HashMap<>();

  Groups(GroupFile file, int max, LongSupplier wallMillis) {
    this.file = file;
    this.max = max;
    this.wallMillis = wallMillis;
  }

  /**
   * @param make a group's subscription, of what was saved
   */
  synchronized void load(Function<GroupState, Subscription> make) throws IOException {
    for (GroupState state : file.load()) {
      groups.put(state.name(), new Group(make.apply(state), state.lastUsedMillis()));
      saved.put(state.name(), state.position());
    }
  }

  /**
   * A group's subscription, which is made if there is none, and then is on disk.
   *
   * @param policy null for that of the group
   * @throws EventsException {@link Reason#GROUP_MISMATCH}, {@link Reason#TOO_MANY_GROUPS}
   */
  synchronized Subscription get(
      String name,
      TypePattern types,
      @Nullable SlowPolicy policy,
      Function<GroupState, Subscription> make,
      GroupState fresh)
      throws IOException {
    Group found = groups.get(name);
    if (found != null) {
      check(name, found.subscription, types, policy);
      found.lastUsedMillis = wallMillis.getAsLong();
      return found.subscription;
    }
    if (groups.size() >= max) {
      throw new EventsException(
          Reason.TOO_MANY_GROUPS, "there are " + max + " groups already (custom.max_groups)");
    }
    Group made = new Group(make.apply(fresh), wallMillis.getAsLong());
    groups.put(name, made);
    try {
      save();
    } catch (IOException e) {
      groups.remove(name);
      throw e;
    }
    return made.subscription;
  }

  private static void check(
      String name, Subscription group, TypePattern types, @Nullable SlowPolicy policy) {
    if (!group.types().equals(types)) {
      throw new EventsException(
          Reason.GROUP_MISMATCH,
          "group " + name + " has the type " + group.types() + ", not " + types);
    }
    if (policy != null && policy != group.policy()) {
      throw new EventsException(
          Reason.GROUP_MISMATCH,
          "group " + name + " has the policy " + group.policy() + ", not " + policy);
    }
  }

  /** Notes that a group has lost its last subscriber. */
  synchronized void left(Subscription subscription) {
    for (Group group : groups.values()) {
      if (group.subscription == subscription) {
        group.lastUsedMillis = wallMillis.getAsLong();
      }
    }
  }

  /** Saves positions that have changed. */
  synchronized void saveChanged() throws IOException {
    if (!positions().equals(saved)) {
      save();
    }
  }

  private Map<String, Long> positions() {
    Map<String, Long> positions = new HashMap<>();
    groups.forEach((name, group) -> positions.put(name, group.subscription.position()));
    return positions;
  }

  private void save() throws IOException {
    Map<String, Long> positions = positions();
    List<GroupState> states = new ArrayList<>();
    groups.forEach(
        (name, group) ->
            states.add(
                new GroupState(
                    name,
                    group.subscription.types(),
                    group.subscription.policy(),
                    group.subscription.buffer(),
                    positions.getOrDefault(name, 0L),
                    group.lastUsedMillis)));
    file.save(states);
    saved = positions;
  }

  /** Forgets groups that nobody has used for so long, and gives their subscriptions. */
  synchronized List<Subscription> forget(long unusedMillis) {
    long now = wallMillis.getAsLong();
    List<Subscription> forgotten = new ArrayList<>();
    groups
        .values()
        .removeIf(
            group -> {
              boolean old =
                  group.subscription.isEmpty() && now - group.lastUsedMillis > unusedMillis;
              if (old) {
                forgotten.add(group.subscription);
              }
              return old;
            });
    return forgotten;
  }

  synchronized int size() {
    return groups.size();
  }

  int unreadable() {
    return file.unreadable();
  }
}
