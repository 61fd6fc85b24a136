package blackhole.endpoint.thread;

import static java.util.Objects.requireNonNull;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An event loop whose thread runs handlers too, between two rounds of moving bytes, and loses the
 * loop to another thread when one of them blocks. So a call that doesn't block never changes
 * threads, and one that does holds the others up no longer than it takes to notice.
 *
 * <p>One thread at a time <em>leads</em>: it moves bytes as any event loop does, and collects the
 * turns that come of them. Then it lets go of the loop, runs those turns, and takes the loop back.
 * While it has let go, no thread is "in the event loop", so what handlers do to their calls goes
 * through Netty's task queue, as from any foreign thread; that is what makes it safe to take the
 * loop away in the middle of a handler. The thread that Netty started for the loop only
 * <em>watches</em>: when a turn gets stuck, it takes the loop and has a thread of the pool lead it,
 * beginning with the turns that are left. The thread that lost it goes back to the pool after its
 * turn. In the end the watching thread takes the loop for good, and closes it as Netty does.
 *
 * <p>The loop changes hands in two places only: {@link #serving}, which whoever sets it to null
 * takes the loop from, and {@link #handedBack}.
 */
final class CallLoop extends SingleThreadIoEventLoop {
  private static final System.Logger LOG = System.getLogger(CallLoop.class.getName());

  /** How often the watch looks while there is something to see. */
  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(250);

  /** Netty's own default for how long tasks are run before bytes are moved again. */
  private static final long TASKS_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long turns are run before bytes are moved again; answers wait for that. */
  private static final long SERVE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final Runnable NOTHING = () -> {};

  private final CallPool pool;
  private final Queue<Turn> turns = new ConcurrentLinkedQueue<>();

  /** The thread that moves bytes now, which is the one that is in the event loop. */
  private volatile @Nullable Thread mover;

  /** The thread that leads, and has let go of the loop to run turns. */
  private final AtomicReference<@Nullable CallThread> serving = new AtomicReference<>();

  /** Set by the thread that led, for the watching thread to close the loop. */
  private volatile boolean handedBack;

  private volatile @Nullable Thread watcher;
  private volatile boolean watcherSleeps;

  CallLoop(IoEventLoopGroup parent, Executor executor, IoHandlerFactory factory, CallPool pool) {
    super(parent, executor, factory);
    this.pool = pool;
  }

  /** Adds a turn, from any thread. */
  void add(Turn turn) {
    turns.add(turn);
    wakeMover();
  }

  /** As Netty's, but for the waking. */
  @Override
  public void execute(Runnable task) {
    lazyExecute(task);
    wakeMover();
  }

  /** While turns are run there is nobody to wake: the queues are looked at before the next wait. */
  private void wakeMover() {
    Thread waiting = mover;
    if (waiting != null && waiting != Thread.currentThread()) {
      ioHandler().wakeup();
    }
  }

  @Override
  public boolean inEventLoop(Thread thread) {
    return thread == mover;
  }

  /** Whether there is anything to do before a wait for bytes. */
  @Override
  protected boolean hasTasks() {
    return super.hasTasks() || !turns.isEmpty();
  }

  // leading, on a thread of the pool

  private void lead() {
    CallThread me = (CallThread) Thread.currentThread();
    me.setLoop(this);
    do {
      moveBytes(me);
      if (isShuttingDown()) {
        handBack();
        break;
      }
    } while (serve(me));
    me.setLoop(null);
  }

  private void moveBytes(Thread me) {
    mover = me;
    try {
      runAllTasks(TASKS_NANOS); // answers go out before the wait for questions
      int unused = runIo();
      runAllTasks(TASKS_NANOS);
    } catch (Throwable t) {
      LOG.log(Level.ERROR, "an event loop failed, and goes on", t);
    }
    mover = null;
    // one that came meanwhile was meant for a handler that has ended, and harms no channel here
    boolean unused = Thread.interrupted();
  }

  private void handBack() {
    handedBack = true;
    LockSupport.unpark(watcher);
  }

  /** Runs the turns, and says whether the loop is this thread's again. */
  private boolean serve(CallThread me) {
    if (turns.isEmpty()) {
      return true;
    }
    serving.set(me);
    wakeWatcher();
    long startNanos = System.nanoTime();
    long nowNanos = startNanos;
    while (nowNanos - startNanos < SERVE_NANOS) {
      Turn turn = turns.poll();
      if (turn == null) {
        break;
      }
      nowNanos = serve(turn, me, nowNanos);
      if (serving.get() != me) {
        return false;
      }
    }
    return serving.compareAndSet(me, null);
  }

  /** Runs a turn, or has the pool do it, and says when it was done with that. */
  private long serve(Turn turn, CallThread me, long startNanos) {
    if (!turn.pace().isQuick() && pool.runNow(turn::runTimed)) {
      return System.nanoTime();
    }
    me.setTurn(turn);
    turn.run();
    me.setTurn(null);
    long endNanos = System.nanoTime();
    if (serving.get() == me) { // else the watch has told
      turn.pace().took(endNanos - startNanos);
    }
    return endNanos;
  }

  private void wakeWatcher() {
    if (watcherSleeps) {
      watcherSleeps = false;
      LockSupport.unpark(watcher);
    }
  }

  // watching, on the thread that Netty started

  @Override
  protected void run() {
    Thread me = Thread.currentThread();
    watcher = me;
    mover = me;
    ioHandler().initialize();
    mover = null;
    findLeader(me);
    Watch watch = new Watch();
    while (!isShuttingDown()) {
      CallThread server = serving.get();
      Turn turn = server == null ? null : server.turn();
      Thread.State state = server == null ? Thread.State.RUNNABLE : server.getState();
      switch (watch.look(turn, state)) {
        case GO_ON -> LockSupport.parkNanos(this, LOOK_NANOS);
        case TAKE_OVER -> takeOver(requireNonNull(server), requireNonNull(turn), me);
        case SLEEP -> sleep();
      }
    }
    takeBack();
    close(me);
  }

  private void sleep() {
    watcherSleeps = true;
    if (serving.get() == null && !isShuttingDown()) {
      LockSupport.park(this);
    }
    watcherSleeps = false;
  }

  private void takeOver(CallThread server, Turn turn, Thread me) {
    if (server.turn() == turn && serving.compareAndSet(server, null)) {
      turn.pace().slow();
      findLeader(me);
    }
  }

  /** With all threads blocked, this one moves bytes until one is free; handlers wait for it. */
  private void findLeader(Thread me) {
    while (!pool.runNow(this::lead)) {
      if (isShuttingDown()) {
        handedBack = true;
        return;
      }
      lazyExecute(NOTHING); // so that it doesn't wait for bytes
      moveBytes(me);
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
  }

  private void takeBack() {
    while (!handedBack) {
      CallThread server = serving.get();
      if (server != null && serving.compareAndSet(server, null)) {
        return;
      }
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
  }

  /** What Netty does at a loop's end; turns that are left say goodbye to their calls. */
  private void close(Thread me) {
    mover = me;
    do {
      ioHandler().prepareToDestroy();
      runAllTasks(TASKS_NANOS);
    } while (!confirmShutdown());
    for (Turn turn = turns.poll(); turn != null; turn = turns.poll()) {
      pool.run(turn);
    }
  }
}
