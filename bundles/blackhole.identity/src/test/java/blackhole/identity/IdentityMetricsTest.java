package blackhole.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.identity.call.Call;
import blackhole.identity.call.IdentityException;
import blackhole.identity.store.User;
import blackhole.identity.token.AccessToken;
import blackhole.testkit.TestHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What identity counts, by what its callers did. */
class IdentityMetricsTest {
  private static final Duration PATIENT = Duration.ofSeconds(60);

  private final MutableClock clock = new MutableClock();
  private IdentityCore core;

  @TempDir Path data;

  @BeforeEach
  void start() throws IOException {
    core = new IdentityCore(new TestHost("identity", data), TestConfig.cheap(), clock);
  }

  @AfterEach
  void stop() {
    core.close();
  }

  private CompletableFuture<User> register(String name) {
    return core.register(name, "correct horse", Call.within(PATIENT));
  }

  private CompletableFuture<AccessToken> login(String name, String password) {
    return core.authenticate(name, password, Call.within(PATIENT));
  }

  private Map<String, Double> metrics() {
    return new IdentityMetrics(core).metrics();
  }

  private static void fails(CompletableFuture<?> future) {
    assertThatThrownBy(future::join).hasCauseInstanceOf(IdentityException.class);
  }

  @Test
  void countsWhatBecameOfUsersAndTheirTokens() {
    assertThat(metrics())
        .containsOnlyKeys(
            "registrations_total",
            "logins_total",
            "logins_refused_total",
            "logins_throttled_total",
            "tokens_validated_total",
            "tokens_rejected_total")
        .allSatisfy((name, value) -> assertThat(value).as(name).isZero());

    register("ada").join();
    register("bob").join();
    fails(register("ADA"));
    AccessToken token = login("ada", "correct horse").join();
    String text = token.text();
    for (int i = 0; i < 3; i++) {
      assertThat(core.validate(text).role()).isEqualTo("user");
    }
    assertThatThrownBy(() -> core.validate(text + "x")).isInstanceOf(IdentityException.class);
    clock.advance(Duration.ofHours(1));
    assertThatThrownBy(() -> core.validate(text)).isInstanceOf(IdentityException.class);

    // the next has to wait for four seconds, which is more than it has, however slow the machine
    for (int i = 0; i < 6; i++) {
      fails(login("bob", "nonsense"));
    }
    fails(core.authenticate("bob", "correct horse", Call.within(Duration.ofMillis(500), () -> 0)));
    fails(login("nobody", "nonsense"));

    assertThat(metrics())
        .containsEntry("registrations_total", 2.0)
        .containsEntry("logins_total", 1.0)
        .containsEntry("logins_refused_total", 7.0)
        .containsEntry("logins_throttled_total", 1.0)
        .containsEntry("tokens_validated_total", 3.0)
        .containsEntry("tokens_rejected_total", 2.0);
  }
}
