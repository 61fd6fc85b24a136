package blackhole.identity.key;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys that sign tokens: one file a generation, {@code signing-000001.jwk} and up. The newest
 * signs; older ones lose their private part as soon as it is there, and are deleted when the last
 * token that they signed has expired.
 *
 * <p>Instances of the service share the directory and nothing else. A new generation is published
 * under the next number, which only one process can win, and a process learns of it by a look at
 * the directory: when it signs, and when it meets a key that it does not know. Thread-safe.
 */
public final class SigningKeys {
  private static final System.Logger LOG = System.getLogger(SigningKeys.class.getName());
  private static final Pattern NAME = Pattern.compile("signing-(\\d{6,9})\\.jwk");

  private final KeyDirectory directory;
  private final Clock clock;
  private final SecureRandom random;
  private final Duration rotation;
  private final Duration tokenLifetime;

  private volatile Ring ring;

  /**
   * The keys as last read.
   *
   * @param seen when the directory had last changed before it was read
   * @param byHeader the keys by the header of the tokens that they sign
   */
  private record Ring(FileTime seen, SigningKey newest, Map<String, SigningKey> byHeader) {}

  private SigningKeys(
      KeyDirectory directory,
      Clock clock,
      SecureRandom random,
      Duration rotation,
      Duration tokenLifetime)
      throws IOException {
    this.directory = directory;
    this.clock = clock;
    this.random = random;
    this.rotation = rotation;
    this.tokenLifetime = tokenLifetime;
    this.ring = readOrCreate();
  }

  /**
   * Reads the keys, makes the first one if there is none, and a new one if the newest is due.
   *
   * @param rotation how long a key signs
   * @param tokenLifetime the life of the tokens that will be signed; longer than the newest key was
   *     made for, it starts a new key, so that each key's last expiry stays known
   * @throws IOException if a file cannot be read or written, or is not a key; the message names it
   */
  public static SigningKeys open(
      KeyDirectory directory,
      Clock clock,
      SecureRandom random,
      Duration rotation,
      Duration tokenLifetime)
      throws IOException {
    SigningKeys keys = new SigningKeys(directory, clock, random, rotation, tokenLifetime);
    keys.rotateIfDue();
    return keys;
  }

  /** The key to sign with now; rotates first if that is due. */
  public SigningKey current() {
    try {
      reloadIfNewer();
      rotateIfDue();
    } catch (IOException e) {
      // a token signed by the key at hand is better than no login while the disk is full
      LOG.log(System.Logger.Level.WARNING, "the signing keys could not be renewed", e);
    }
    return ring.newest();
  }

  /** The key whose tokens carry this header, if it is one of ours that has not been forgotten. */
  public Optional<SigningKey> findByHeader(String jwsHeader) {
    SigningKey known = ring.byHeader().get(jwsHeader);
    if (known == null) {
      try {
        reloadIfNewer();
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "the signing keys could not be read", e);
      }
      known = ring.byHeader().get(jwsHeader);
    }
    return Optional.ofNullable(known);
  }

  /**
   * Starts a new key now; tokens signed by older ones stay valid until they expire. Several that
   * rotate at once, in one process or in many, start at least one key and lose none.
   */
  public synchronized void rotate() throws IOException {
    SigningKey newest = ring.newest();
    publish(newest.generation() + 1);
    ring = readOrCreate();
  }

  private void rotateIfDue() throws IOException {
    if (isDue(ring.newest())) {
      synchronized (this) {
        reloadIfNewer();
        if (isDue(ring.newest())) {
          rotate();
        }
      }
    }
  }

  private boolean isDue(SigningKey key) {
    return !clock.instant().isBefore(key.created().plus(rotation))
        || key.lifetime().compareTo(tokenLifetime) < 0;
  }

  private void reloadIfNewer() throws IOException {
    // the next number is seen at once, the time of the directory only from one clock tick to the
    // next; but the next number may have come and gone while this process signed nothing
    Ring known = ring;
    if (directory.exists(name(known.newest().generation() + 1))
        || !directory.lastModified().equals(known.seen())) {
      synchronized (this) {
        ring = readOrCreate();
      }
    }
  }

  private Ring readOrCreate() throws IOException {
    Optional<Ring> found = read();
    if (found.isEmpty()) {
      publish(1);
      found = read();
    }
    Ring read = found.orElseThrow(() -> new IOException("no signing key in " + directory.path("")));
    return retireOld(read);
  }

  private void publish(int generation) throws IOException {
    Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
    SigningKey key = SigningKey.generate(generation, now, tokenLifetime, random);
    if (directory.publish(name(generation), key.toJwk())) {
      LOG.log(System.Logger.Level.INFO, "tokens are signed by a new key, " + key.id());
    }
  }

  private Optional<Ring> read() throws IOException {
    FileTime seen = directory.lastModified();
    Map<String, SigningKey> byHeader = new HashMap<>();
    SigningKey newest = null;
    for (String name : directory.list("signing-*.jwk")) {
      Optional<SigningKey> key = read(name);
      if (key.isPresent()) {
        byHeader.put(key.get().jwsHeader(), key.get());
        if (newest == null || newest.generation() < key.get().generation()) {
          newest = key.get();
        }
      }
    }
    if (newest == null) {
      return Optional.empty();
    }
    if (!newest.canSign()) {
      throw new IOException(
          directory.path(name(newest.generation()))
              + " is retired, but there is no newer key: restore it from a backup or delete it");
    }
    return Optional.of(new Ring(seen, newest, Map.copyOf(byHeader)));
  }

  private Optional<SigningKey> read(String name) throws IOException {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      int generation = Integer.parseInt(matcher.group(1));
      return Optional.of(SigningKey.fromJwk(generation, directory.read(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // another process has just forgotten it
    } catch (IllegalArgumentException e) {
      throw new IOException(
          directory.path(name)
              + " is not a signing key: "
              + e.getMessage()
              + "; restore it from a backup or delete it",
          e);
    }
  }

  /** Any process may do this at any time: doing it twice does no harm. */
  private Ring retireOld(Ring read) throws IOException {
    Instant now = clock.instant();
    Map<String, SigningKey> kept = new HashMap<>();
    for (SigningKey key : read.byHeader().values()) {
      String name = name(key.generation());
      if (key.expires().map(now::isAfter).orElse(false)) {
        directory.delete(name);
      } else if (key.canSign() && key != read.newest()) {
        SigningKey retired = key.retired(now);
        directory.replace(name, retired.toJwk());
        kept.put(key.jwsHeader(), retired);
      } else {
        kept.put(key.jwsHeader(), key);
      }
    }
    return new Ring(read.seen(), read.newest(), Map.copyOf(kept));
  }

  private static String name(int generation) {
    return String.format(Locale.ROOT, "signing-%06d.jwk", generation);
  }
}
