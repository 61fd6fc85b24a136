package blackhole.events.stream;

import blackhole.events.call.EventsException;
import blackhole.events.call.EventsException.Reason;
import blackhole.events.v1.Event;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A place in the stream, and who is served from there: one subscriber, or the members of a group.
 *
 * <p>It is in one of two states. While it catches up, it reads the log behind its cursor, as fast
 * as its subscribers take it, and drops nothing; with {@link SlowPolicy#BLOCK} it stays so for
 * ever. Once it has caught up it is live: the positions of events that come are kept until a
 * subscriber has room, and the policy decides when more wait than the buffer holds. Positions only,
 * so a subscriber that is stalled costs no memory to speak of.
 *
 * <p>Deciding takes the lock of this object; reading and sending don't. They are done by {@link
 * #run}, which one thread of the pool does at a time, a slice of it at once. Thread-safe.
 */
final class Subscription implements Runnable {
  private static final System.Logger LOG = System.getLogger(Subscription.class.getName());

  /** How many events are looked at before others have their turn. */
  private static final int SLICE = 64;

  /** How many events may be known to be done with that are still to be sent. */
  private static final int MAX_AHEAD = 10_000;

  private final String name;
  private final TypePattern types;
  private final SlowPolicy policy;
  private final int buffer;
  private final boolean group;
  private final EventSource source;
  private final Executor threads;
  private final Counters counters;
  private final Consumer<Subscription> whenEmpty;

  /** Why it is to run; it runs while this is not 0. */
  private final AtomicInteger reasons = new AtomicInteger();

  // guarded by this
  private final List<Member> members = new ArrayList<>();
  private final TreeSet<Long> pending = new TreeSet<>();
  private final TreeSet<Long> returned = new TreeSet<>();

  /** Behind the cursor, and acknowledged: by one who was sent them before a restart. */
  private final TreeSet<Long> ahead = new TreeSet<>();

  private long cursor;
  private boolean live;
  private boolean warned;
  private long dropped;
  private int turn;
  private @Nullable EventsException ending;

  /**
   * @param name for the log
   * @param buffer how many events may wait; of a group also how many a member may have in hand, or
   *     is taken to have
   * @param group whether it goes on without subscribers, and sends again what they may have lost
   * @param from its first position
   * @param threads that may block
   * @param whenEmpty called when its last subscriber has gone
   */
  Subscription(
      String name,
      TypePattern types,
      SlowPolicy policy,
      int buffer,
      boolean group,
      long from,
      EventSource source,
      Executor threads,
      Counters counters,
      Consumer<Subscription> whenEmpty) {
    this.name = name;
    this.types = types;
    this.policy = policy;
    this.buffer = buffer;
    this.group = group;
    this.cursor = from;
    this.source = source;
    this.threads = threads;
    this.counters = counters;
    this.whenEmpty = whenEmpty;
  }

  /** One who gets events of this subscription. */
  final class Member {
    private final Sink sink;
    private final boolean acknowledges;

    /**
     * What it was sent and has not acknowledged; of one who acknowledges nothing, what was sent
     * last, which it may not have done with. Guarded by the subscription.
     */
    private final Set<Long> inHand = new LinkedHashSet<>();

    private Member(Sink sink, boolean acknowledges) {
      this.sink = sink;
      this.acknowledges = acknowledges;
    }

    private boolean isReady() {
      return (!acknowledges || inHand.size() < buffer) && sink.isReady();
    }

    /** Its sink is ready again. */
    void ready() {
      wake();
    }

    /** It has gone. What a group's member had in hand is sent to another. */
    void leave() {
      Subscription.this.leave(this);
    }

    private void took(long position) {
      // not by whoever is only asked: with one event at a time it would be the same member's turn
      turn = members.indexOf(this) + 1;
      if (group) {
        inHand.add(position);
        if (!acknowledges && inHand.size() > buffer) {
          inHand.remove(inHand.iterator().next());
        }
      }
    }
  }

  TypePattern types() {
    return types;
  }

  SlowPolicy policy() {
    return policy;
  }

  int buffer() {
    return buffer;
  }

  boolean isGroup() {
    return group;
  }

  /** Whether it is that of this name. */
  boolean isGroup(String called) {
    return group && name.equals(groupName(called));
  }

  /** As it is called in the log, and in {@link SubscriberState}. */
  static String groupName(String called) {
    return "group " + called;
  }

  /** How it does: what waits for its subscribers, and what they missed since it was made. */
  synchronized SubscriberState state() {
    // of those behind the cursor nobody knows yet how many are of its types
    long behind = live ? 0 : Math.max(0, source.head() + 1 - cursor);
    return new SubscriberState(
        name, group, members.size(), pending.size() + returned.size() + behind, dropped);
  }

  synchronized boolean isEmpty() {
    return members.isEmpty();
  }

  synchronized int members() {
    return members.size();
  }

  /**
   * Called when it is among those that hear of new events.
   *
   * @param acknowledges of a group's member, whether it says what it has done with
   */
  Member join(Sink sink, boolean acknowledges) {
    Member member = new Member(sink, acknowledges);
    synchronized (this) {
      members.add(member);
      goLive();
    }
    wake();
    return member;
  }

  /** There is nothing left to catch up with: from now on {@link #offer} has what comes. */
  private void goLive() {
    if (!live && policy != SlowPolicy.BLOCK && !members.isEmpty() && cursor > source.head()) {
      live = true;
    }
  }

  private void leave(Member member) {
    boolean last;
    synchronized (this) {
      if (!members.remove(member)) {
        return;
      }
      returned.addAll(member.inHand);
      last = members.isEmpty();
      if (last && live) {
        // it waits in the log for whoever comes next
        live = false;
        cursor = pending.isEmpty() ? cursor : pending.first();
        pending.clear();
      }
    }
    if (last) {
      whenEmpty.accept(this);
    }
    wake();
  }

  /** Who was sent these events has done with them, whether it is still there or not. */
  void acknowledge(Collection<Long> positions) {
    synchronized (this) {
      long head = source.head();
      for (long position : positions) {
        boolean known =
            members.stream().anyMatch(member -> member.inHand.remove(position))
                || returned.remove(position)
                || pending.remove(position);
        if (!known && position >= cursor && position <= head && ahead.size() < MAX_AHEAD) {
          known = ahead.add(position);
        }
        if (known) {
          counters.acknowledged.increment();
        }
      }
    }
    wake();
  }

  /** The first position that a subscriber may not have been sent, or not have done with. */
  synchronized long position() {
    long first = pending.isEmpty() ? cursor : Math.min(cursor, pending.first());
    if (!returned.isEmpty()) {
      first = Math.min(first, returned.first());
    }
    for (Member member : members) {
      for (long inHand : member.inHand) {
        first = Math.min(first, inHand);
      }
    }
    return first;
  }

  /** These events are durable now. May not block: who calls has others to serve. */
  void offer(List<Event> events) {
    boolean wanted;
    synchronized (this) {
      if (ending != null) {
        return;
      }
      wanted = (!live || keep(events)) && (ending != null || anyReady());
    }
    if (wanted) {
      wake();
    }
  }

  private boolean keep(List<Event> events) {
    List<Long> matching = new ArrayList<>();
    for (Event event : events) {
      if (event.getPosition() >= cursor) {
        cursor = event.getPosition() + 1;
        if (types.matches(event.getType())) {
          matching.add(event.getPosition());
        }
      }
    }
    int before = pending.size();
    // one that takes events is not slow because many were committed at once
    int room = before < buffer && anyReady() ? matching.size() : Math.max(0, buffer - before);
    int tooMany = Math.max(0, matching.size() - room);
    if (tooMany > 0 && policy == SlowPolicy.DISCONNECT) {
      counters.disconnected.increment();
      long from = pending.isEmpty() ? matching.get(0) : pending.first();
      ending =
          new EventsException(
              Reason.SLOW_SUBSCRIBER,
              "more than " + buffer + " events waited; go on from position " + from);
      return true;
    }
    if (tooMany > 0) {
      noteDropped(tooMany);
    }
    if (policy == SlowPolicy.DROP_NEWEST) {
      pending.addAll(matching.subList(0, matching.size() - tooMany));
    } else {
      pending.addAll(matching);
      for (int i = 0; i < tooMany; i++) {
        pending.pollFirst();
      }
    }
    return !matching.isEmpty();
  }

  private void noteDropped(int count) {
    counters.dropped.add(count);
    dropped += count;
    if (!group) {
      counters.droppedBySingle.add(count);
    }
    if (!warned) {
      warned = true;
      LOG.log(Level.WARNING, "{0} is slow: events are dropped ({1})", name, policy);
    }
  }

  /** Ends all its streams; one that is no group is over with that. */
  void end(EventsException why) {
    synchronized (this) {
      ending = why;
    }
    wake();
  }

  private void wake() {
    if (reasons.getAndIncrement() == 0) {
      threads.execute(this);
    }
  }

  @Override
  public void run() {
    int handled = reasons.get();
    for (int done = 0; done < SLICE; done++) {
      if (!step()) {
        handled = reasons.addAndGet(-handled);
        if (handled == 0) {
          return;
        }
      }
    }
    threads.execute(this);
  }

  /** What is next: an event at a position, or the first behind it, for this member. */
  private record Step(Member member, long position, boolean exact) {}

  /** Does one thing, and returns whether there may be more. */
  private boolean step() {
    Step step;
    long head = source.head();
    try {
      synchronized (this) {
        step = ending == null ? decide() : null;
      }
      if (step == null) {
        return endMembers();
      }
      Event event = take(step, source.next(step.position()), head);
      if (event != null) {
        step.member().sink.send(event);
        counters.delivered.increment();
      }
    } catch (IOException e) {
      end(IoFailure.of(e));
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, name + " failed", e);
      end(new EventsException(Reason.LOG_UNAVAILABLE, "the subscription failed", e));
    }
    return true;
  }

  private @Nullable Step decide() {
    goLive();
    Member member = readyMember();
    if (member == null) {
      return null;
    }
    Long known = returned.isEmpty() ? pending.pollFirst() : returned.pollFirst();
    if (known != null) {
      // from now on, so that it is not forgotten on its way
      member.took(known);
      return new Step(member, known, true);
    }
    return live || cursor > source.head() ? null : new Step(member, cursor, false);
  }

  private boolean anyReady() {
    return members.stream().anyMatch(Member::isReady);
  }

  /** In turn, among those that are ready. */
  private @Nullable Member readyMember() {
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get((turn + i) % members.size());
      if (member.isReady()) {
        return member;
      }
    }
    return null;
  }

  /**
   * @param head the last position when it was looked for
   * @return what is to be sent: the event, or null
   */
  private synchronized @Nullable Event take(Step step, @Nullable Event event, long head) {
    if (step.exact()) {
      boolean kept = event != null && event.getPosition() == step.position();
      if (!kept) {
        counters.lost.increment();
        step.member().inHand.remove(step.position());
      }
      return kept ? event : null;
    }
    if (event == null) {
      // all that followed is damaged
      cursor = Math.max(cursor, head + 1);
      ahead.clear();
      return null;
    }
    counters.lost.add(event.getPosition() - cursor);
    cursor = event.getPosition() + 1;
    boolean done = ahead.remove(event.getPosition());
    ahead.headSet(cursor).clear();
    if (done || !types.matches(event.getType())) {
      return null;
    }
    if (group && !members.contains(step.member())) {
      returned.add(event.getPosition());
      return null;
    }
    step.member().took(event.getPosition());
    return event;
  }

  /** Ends what is to be ended; returns false, as there is nothing else to do. */
  private boolean endMembers() throws IOException {
    List<Member> ended;
    EventsException why;
    synchronized (this) {
      why = ending;
      ended = why == null ? List.of() : List.copyOf(members);
      if (group) {
        ending = null;
      }
    }
    source.close();
    if (why != null) {
      for (Member member : ended) {
        leave(member);
        member.sink.end(why);
      }
    }
    return false;
  }
}
