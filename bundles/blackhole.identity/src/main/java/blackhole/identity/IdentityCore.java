package blackhole.identity;

import blackhole.api.service.CustomSettings;
import blackhole.api.service.HealthResult;
import blackhole.api.service.HostInfo;
import blackhole.identity.account.Accounts;
import blackhole.identity.account.Logins;
import blackhole.identity.call.Call;
import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Reason;
import blackhole.identity.did.DidDocument;
import blackhole.identity.did.DidKey;
import blackhole.identity.key.KeyDirectory;
import blackhole.identity.key.KeySeal;
import blackhole.identity.key.SigningKeys;
import blackhole.identity.password.Argon2Hasher;
import blackhole.identity.password.HashBudget;
import blackhole.identity.password.HashQueue;
import blackhole.identity.password.Passwords;
import blackhole.identity.store.User;
import blackhole.identity.store.UserStore;
import blackhole.identity.token.AccessToken;
import blackhole.identity.token.Principal;
import blackhole.identity.token.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The service without its face: the parts, put together from the settings, on the data of this
 * host. The face and the health check stand on it, each a component of its own, so that neither
 * waits for the other's references.
 */
@Component(service = IdentityCore.class, configurationPid = "blackhole.identity")
public final class IdentityCore {
  /** What stands under {@code custom:} in the configuration, there with underscores. */
  public @interface Config {
    /** Connections to the user database. */
    int databasePoolSize() default 4;

    /** Bytes of database pages kept in memory, by all connections together. */
    long cacheSize() default 16 << 20;

    /** Milliseconds that a token is valid for. */
    long tokenLifetime() default 3_600_000;

    /** Milliseconds that a key signs tokens for, before a new one takes over. */
    long keyRotation() default 7_776_000_000L;

    /** Bytes of memory that one password hash takes. */
    long hashMemory() default 19 << 20;

    /** Passes over that memory. */
    int hashIterations() default 2;

    /** Lanes in that memory. */
    int hashParallelism() default 1;
  }

  private static final System.Logger LOG = System.getLogger(IdentityCore.class.getName());
  private static final int WAITING_HASHES = 1024;
  private static final Duration PROBE_LIMIT = Duration.ofMillis(500);
  private static final long LITTLE_SPACE = 16 << 20;

  private final Path directory;
  private final ScheduledThreadPoolExecutor timer;
  private final UserStore users;
  private final HashQueue hashes;
  private final Accounts accounts;
  private final Logins logins;
  private final Tokens tokens;
  private final Numbers numbers = new Numbers();

  /**
   * @param properties the same as the configuration, and whatever else was set
   * @throws IllegalArgumentException for a setting that is wrong; the message names it
   * @throws IOException if the data cannot be opened; the message names the file
   */
  @Activate
  public IdentityCore(@Reference HostInfo host, Config config, Map<String, Object> properties)
      throws IOException {
    this(host, config, Clock.systemUTC());
    for (String key : CustomSettings.unknown(properties.keySet(), Settings.KEYS)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "custom.{0} is not a setting of identity; it has {1}",
          key,
          Settings.KEYS);
    }
  }

  IdentityCore(HostInfo host, Config config, Clock clock) throws IOException {
    Settings settings = Settings.of(config);
    HashBudget budget = budget(settings);
    directory =
        host.dataDirectory()
            .orElseThrow(() -> new IOException("the host gives identity no data directory"));
    SecureRandom random = new SecureRandom();
    KeyDirectory keys = KeyDirectory.open(directory.resolve("keys"));
    SigningKeys signingKeys =
        SigningKeys.open(keys, clock, random, settings.keyRotation(), settings.tokenLifetime());
    KeySeal seal = KeySeal.open(keys, random);
    users = UserStore.open(directory, settings.databasePoolSize(), settings.cacheBytes());
    timer = timer();
    hashes = new HashQueue(budget, WAITING_HASHES, timer);
    Passwords passwords = new Passwords(new Argon2Hasher(), settings.hashCost(), random);
    accounts = new Accounts(users, passwords, hashes, seal, clock, random);
    logins = new Logins(users, passwords, hashes, timer, System::nanoTime);
    tokens = new Tokens(signingKeys, clock, settings.tokenLifetime());
    LOG.log(System.Logger.Level.INFO, "identity: {0}, {1}", settings, budget);
  }

  private static HashBudget budget(Settings settings) {
    Runtime runtime = Runtime.getRuntime();
    try {
      return HashBudget.of(runtime.maxMemory(), settings.hashCost(), runtime.availableProcessors());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "custom.hash_memory is too large: "
              + e.getMessage()
              + "; lower it, or raise resource_limits.max_memory",
          e);
    }
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "identity-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    // what is scheduled while it stops is stopped by its owner
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    return timer;
  }

  /** Calls still waiting fail; those at work are waited for, for a bounded time. */
  @Deactivate
  public void close() {
    logins.close();
    hashes.close();
    timer.shutdownNow();
    users.close();
  }

  Numbers numbers() {
    return numbers;
  }

  /** See {@link Accounts#register}. */
  CompletableFuture<User> register(String username, String password, Call call) {
    return accounts
        .register(username, password, call)
        .whenComplete((user, failure) -> numbers.registered(failure));
  }

  /** See {@link Logins#authenticate}. */
  CompletableFuture<AccessToken> authenticate(String username, String password, Call call) {
    return logins
        .authenticate(username, password, call)
        .whenComplete((user, failure) -> numbers.loggedIn(failure))
        .thenApply(user -> tokens.issue(new Principal(user.id(), user.did(), user.role())));
  }

  /** See {@link Tokens#validate}. */
  Principal validate(String token) {
    try {
      Principal principal = tokens.validate(token);
      numbers.validated();
      return principal;
    } catch (IdentityException e) {
      numbers.rejected();
      throw e;
    }
  }

  /**
   * @throws IdentityException {@link Reason#INVALID_DID}, {@link Reason#UNKNOWN_DID}, or as the
   *     store fails
   */
  DidDocument resolve(String text, Call call) {
    DidKey did = did(text);
    if (users.findByDid(did.id(), call).isEmpty()) {
      throw new IdentityException(Reason.UNKNOWN_DID, did + " is not registered here");
    }
    return DidDocument.of(did);
  }

  private static DidKey did(String text) {
    try {
      return DidKey.parse(text);
    } catch (IdentityException e) {
      throw e.at("did");
    }
  }

  /** Of the data. */
  Path directory() {
    return directory;
  }

  UserStore users() {
    return users;
  }

  /** Whether the users can be read, and whether more can be written. */
  HealthResult checkStore() {
    try {
      users.probe(Call.within(PROBE_LIMIT));
    } catch (IdentityException e) {
      return e.reason() == Reason.OVERLOADED || e.reason() == Reason.TIMED_OUT
          ? HealthResult.degraded(e.getMessage())
          : HealthResult.unhealthy(e.getMessage());
    }
    try {
      long left = Files.getFileStore(directory).getUsableSpace();
      return left >= LITTLE_SPACE
          ? HealthResult.healthy()
          : HealthResult.degraded("the disk has only " + left + " bytes left for users");
    } catch (IOException e) {
      return HealthResult.unhealthy("the data directory cannot be read: " + e);
    }
  }
}
