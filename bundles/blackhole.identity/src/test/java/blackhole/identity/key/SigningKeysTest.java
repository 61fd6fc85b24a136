package blackhole.identity.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.identity.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeysTest {
  private static final Duration ROTATION = Duration.ofDays(90);
  private static final Duration LIFETIME = Duration.ofHours(1);

  private final MutableClock clock = new MutableClock();
  private final SecureRandom random = new SecureRandom();

  @TempDir Path data;

  private SigningKeys open() throws IOException {
    return open(LIFETIME);
  }

  private SigningKeys open(Duration lifetime) throws IOException {
    KeyDirectory directory = KeyDirectory.open(data.resolve("keys"));
    return SigningKeys.open(directory, clock, random, ROTATION, lifetime);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("keys"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void makesAKeyForItsOwnerOnly() throws IOException {
    open();
    Path keys = data.resolve("keys");
    assertThat(files()).containsExactly("signing-000001.jwk");
    assertThat(permissions(keys)).isEqualTo("rwx------");
    assertThat(permissions(keys.resolve("signing-000001.jwk"))).isEqualTo("rw-------");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void keepsTheKeyOverRestarts() throws IOException {
    assertThat(open().current().id()).isEqualTo(open().current().id());
  }

  @Test
  void agreesOnOneKeyHoweverManyStartAtOnce() throws Exception {
    int starters = 16;
    CyclicBarrier start = new CyclicBarrier(starters);
    ExecutorService threads = Executors.newFixedThreadPool(starters);
    try {
      List<Future<String>> ids = new ArrayList<>();
      for (int i = 0; i < starters; i++) {
        ids.add(
            threads.submit(
                () -> {
                  start.await();
                  return open().current().id();
                }));
      }
      String first = ids.get(0).get();
      for (Future<String> id : ids) {
        assertThat(id.get()).isEqualTo(first);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(files()).containsExactly("signing-000001.jwk");
  }

  @Test
  void rotatesWhenDueAndRetiresTheOldKey() throws IOException {
    SigningKeys keys = open();
    SigningKey old = keys.current();
    clock.advance(ROTATION.minusSeconds(1));
    assertThat(keys.current().id()).isEqualTo(old.id());

    clock.advance(Duration.ofSeconds(1));
    SigningKey fresh = keys.current();

    assertThat(fresh.id()).isNotEqualTo(old.id());
    assertThat(files()).containsExactly("signing-000001.jwk", "signing-000002.jwk");
    assertThat(Files.readString(data.resolve("keys/signing-000001.jwk"))).doesNotContain("\"d\"");
    assertThat(keys.findByHeader(old.jwsHeader()))
        .hasValueSatisfying(key -> assertThat(key.canSign()).isFalse());
  }

  @Test
  void rotatesAtTheStartTooWhenDue() throws IOException {
    String old = open().current().id();
    clock.advance(ROTATION);
    assertThat(open().findByHeader(open().current().jwsHeader()).orElseThrow().id())
        .isNotEqualTo(old);
    assertThat(files()).hasSize(2);
  }

  @Test
  void forgetsAnOldKeyWhenItsLastTokenHasExpired() throws IOException {
    SigningKeys keys = open();
    SigningKey old = keys.current();
    keys.rotate();

    clock.advance(LIFETIME);
    keys.rotate();
    assertThat(keys.findByHeader(old.jwsHeader())).isPresent();

    clock.advance(SigningKey.HANDOVER.plusSeconds(1));
    keys.rotate();
    assertThat(keys.findByHeader(old.jwsHeader())).isEmpty();
    assertThat(files()).doesNotContain("signing-000001.jwk").hasSize(3);
  }

  @Test
  void noticesAtOnceWhatAnotherProcessRotated() throws IOException {
    SigningKeys here = open();
    SigningKeys there = open();
    there.rotate();
    SigningKey fresh = there.current();

    assertThat(here.findByHeader(fresh.jwsHeader())).isPresent();
    assertThat(here.current().id()).isEqualTo(fresh.id());
  }

  @Test
  void noticesARotationWhoseKeyHasComeAndGone() throws IOException {
    SigningKeys idle = open();
    SigningKeys busy = open();
    busy.rotate();
    busy.rotate();
    clock.advance(LIFETIME.plus(SigningKey.HANDOVER).plusSeconds(1));
    busy.rotate();
    assertThat(files()).containsExactly("signing-000003.jwk", "signing-000004.jwk");

    assertThat(idle.current().id()).isEqualTo(busy.current().id());
  }

  @Test
  void losesNoKeyWhenManyRotateAtOnce() throws Exception {
    int rotators = 8;
    List<SigningKey> signedWith = new ArrayList<>();
    CyclicBarrier start = new CyclicBarrier(rotators);
    ExecutorService threads = Executors.newFixedThreadPool(rotators);
    try {
      List<Future<SigningKey>> all = new ArrayList<>();
      for (int i = 0; i < rotators; i++) {
        SigningKeys keys = open();
        all.add(
            threads.submit(
                () -> {
                  start.await();
                  keys.rotate();
                  return keys.current();
                }));
      }
      for (Future<SigningKey> key : all) {
        signedWith.add(key.get());
      }
    } finally {
      threads.shutdownNow();
    }
    SigningKeys after = open();
    assertThat(signedWith)
        .allSatisfy(key -> assertThat(after.findByHeader(key.jwsHeader())).isPresent());
    assertThat(Files.readString(data.resolve("keys").resolve(files().get(0))))
        .doesNotContain("\"d\"");
  }

  @Test
  void startsANewKeyForALongerTokenLifetime() throws IOException {
    SigningKey hour = open(LIFETIME).current();
    SigningKey day = open(Duration.ofDays(1)).current();
    assertThat(day.id()).isNotEqualTo(hour.id());
    assertThat(open(LIFETIME).current().id()).isEqualTo(day.id());
  }

  @Test
  void doesNotKnowAStrangersKey() throws IOException {
    SigningKeys keys = open();
    SigningKey stranger = SigningKey.generate(1, clock.instant(), LIFETIME, random);
    assertThat(keys.findByHeader(stranger.jwsHeader())).isEmpty();
  }

  @Test
  void saysWhichFileIsBrokenAndWhatToDo() throws IOException {
    open();
    Path file = data.resolve("keys/signing-000001.jwk");
    Files.writeString(file, "{\"kty\":");
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("restore it from a backup or delete it");
  }

  @Test
  void removesWhatAKilledProcessLeft() throws IOException {
    open();
    Path left = Files.createFile(data.resolve("keys/.tmp-killed"));
    Files.setLastModifiedTime(
        left,
        java.nio.file.attribute.FileTime.from(java.time.Instant.now().minus(Duration.ofHours(2))));
    Path recent = Files.createFile(data.resolve("keys/.tmp-at-work"));
    open();
    assertThat(left).doesNotExist();
    assertThat(recent).exists();
  }
}
