package blackhole.endpoint.thread;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An event loop whose thread runs the handlers too, between two rounds of reading and writing, and
 * gets help when one of them blocks. So a call that doesn't block never changes threads, and one
 * that does holds nobody up for longer than it takes to notice.
 *
 * <p>One thread at a time <em>leads</em>: it moves bytes as any event loop does, collecting the
 * turns that come of them; then it lets go of the loop, runs those turns, and takes the loop back.
 * While it has let go no thread is "in the event loop", so whatever handlers do to their calls goes
 * through Netty's task queue, as it does from any other thread. The loop's own Netty thread only
 * <em>watches</em>: when a turn blocks or takes long, it takes the loop away and gives it to
 * another thread of the pool, which goes on with the turns that are left. The thread that lost it
 * finishes its turn and goes back to the pool.
 */
final class CallLoop extends SingleThreadIoEventLoop {
  /** How often the watch looks, while there is anything to see. */
  private static final long LOOK_NANOS = Long.getLong("tick", 500_000);

  /** A thread that waits for something is blocked; one that runs may just be out of luck. */
  private static final int LOOKS_WHILE_RUNNING = Integer.getInteger("runlooks", 4);

  /** How many looks without any turn until the watch sleeps. */
  private static final int LOOKS_UNTIL_SLEEP = 20;

  private static final long TASK_QUANTUM_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Runnable NOTHING = () -> {};

  private final CallPool pool;
  private final Queue<Turn> turns = new ConcurrentLinkedQueue<>();

  /** The thread that moves bytes now. */
  private volatile @Nullable Thread owner;

  /** The thread that leads but has let go of the loop; whoever sets it to null has the loop. */
  private final AtomicReference<@Nullable CallThread> serving = new AtomicReference<>();

  private volatile @Nullable Turn current;
  private volatile boolean handedBack;
  private volatile boolean asleep;
  private volatile @Nullable Thread watch;

  CallLoop(
      IoEventLoopGroup parent, Executor executor, IoHandlerFactory factory, CallPool pool) {
    super(parent, executor, factory);
    this.pool = pool;
  }

  /** Adds a turn; from any thread. */
  void add(Turn turn) {
    turns.add(turn);
    wake();
  }

  @Override
  public boolean inEventLoop(Thread thread) {
    return thread == owner;
  }

  @Override
  public void execute(Runnable task) {
    lazyExecute(task);
    wake();
  }

  /** Nobody needs to be woken while turns are run: queues are looked at before the next wait. */
  private void wake() {
    Thread moving = owner;
    if (moving != null && moving != Thread.currentThread()) {
      ioHandler().wakeup();
    }
  }

  @Override
  protected boolean hasTasks() {
    return super.hasTasks() || !turns.isEmpty();
  }

  // ---- leading, on a call thread ----

  private void lead() {
    CallThread me = (CallThread) Thread.currentThread();
    me.setLoop(this);
    try {
      do {
        me.shield(true);
        owner = me;
        runAllTasks(TASK_QUANTUM_NANOS);
        int unused = runIo();
        runAllTasks(TASK_QUANTUM_NANOS);
        owner = null;
        me.shield(false);
        if (isShuttingDown()) {
          handedBack = true;
          LockSupport.unpark(watch);
          return;
        }
      } while (serve(me));
    } finally {
      me.setLoop(null);
    }
  }

  /** Runs the turns, and says whether the loop is still this thread's. */
  private boolean serve(CallThread me) {
    if (turns.isEmpty()) {
      return true;
    }
    serving.set(me);
    if (asleep) {
      asleep = false;
      LockSupport.unpark(watch);
    }
    Turn turn;
    while (serving.get() == me && (turn = turns.poll()) != null) {
      if (turn.pace().isQuick()) {
        current = turn;
        turn.run();
        turn.pace().quick();
      } else {
        pool.run(turn);
      }
    }
    return serving.compareAndSet(me, null);
  }

  // ---- watching, on the loop's own thread ----

  @Override
  protected void run() {
    watch = Thread.currentThread();
    owner = watch;
    ioHandler().initialize();
    owner = null;
    promote();
    int quietLooks = 0;
    int sameLooks = 0;
    Turn last = null;
    while (!isShuttingDown()) {
      CallThread server = serving.get();
      Turn seen = current;
      if (seen != last) {
        last = seen;
        sameLooks = 0;
        quietLooks = 0;
      } else if (server == null) {
        quietLooks++;
      } else {
        sameLooks++;
      }
      if (server != null && sameLooks > 0
          && (sameLooks >= LOOKS_WHILE_RUNNING || server.getState() != Thread.State.RUNNABLE)
          && seen == current
          && serving.compareAndSet(server, null)) {
        seen.pace().slow();
        promote();
        sameLooks = 0;
      }
      if (quietLooks > LOOKS_UNTIL_SLEEP) {
        quietLooks = 0;
        asleep = true;
        if (serving.get() == null) {
          LockSupport.park(this);
        }
        asleep = false;
      } else {
        LockSupport.parkNanos(this, LOOK_NANOS);
      }
    }
    end();
  }

  private void promote() {
    while (!pool.runNow(this::lead)) {
      if (isShuttingDown()) {
        handedBack = true;
        return;
      }
      owner = watch;
      lazyExecute(NOTHING); // so that it doesn't wait
      int unused = runIo();
      runAllTasks(TASK_QUANTUM_NANOS);
      owner = null;
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
  }

  private void end() {
    while (!handedBack) {
      CallThread server = serving.get();
      if (server != null && serving.compareAndSet(server, null)) {
        break;
      }
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
    owner = Thread.currentThread();
    do {
      ioHandler().prepareToDestroy();
      runAllTasks(TASK_QUANTUM_NANOS);
    } while (!confirmShutdown());
    Turn turn;
    while ((turn = turns.poll()) != null) {
      pool.run(turn);
    }
  }
}
