package blackhole.identity.account;

import blackhole.identity.call.Call;
import blackhole.identity.call.IdentityException;
import blackhole.identity.call.IdentityException.Reason;
import blackhole.identity.call.IdentityException.Violation;
import blackhole.identity.did.DidKey;
import blackhole.identity.key.KeySeal;
import blackhole.identity.password.HashQueue;
import blackhole.identity.password.PasswordHash;
import blackhole.identity.password.Passwords;
import blackhole.identity.store.User;
import blackhole.identity.store.UserStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** Registers users. See {@link Logins} for their return. Thread-safe. */
public final class Accounts {
  private static final String ROLE = "user";
  private static final int MIN_PASSWORD_CODE_POINTS = 8;
  static final int MAX_PASSWORD_BYTES = 1024;

  private final UserStore users;
  private final Passwords passwords;
  private final HashQueue hashes;
  private final KeySeal seal;
  private final Clock clock;
  private final SecureRandom random;

  public Accounts(
      UserStore users,
      Passwords passwords,
      HashQueue hashes,
      KeySeal seal,
      Clock clock,
      SecureRandom random) {
    this.users = users;
    this.passwords = passwords;
    this.hashes = hashes;
    this.seal = seal;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Makes a user with a key pair and a DID of its own. When the future completes the user is on
   * disk; it fails with an {@link IdentityException}: {@link Reason#INVALID_REQUEST} with every
   * violation, {@link Reason#NAME_TAKEN}, or as {@link HashQueue} and {@link UserStore} fail.
   */
  public CompletableFuture<User> register(String name, String password, Call call) {
    Username username = Username.of(name);
    try {
      check(username, password);
      // the database has the last word; this only saves the hash
      if (users.findByNameKey(username.key(), call).isPresent()) {
        throw taken(username);
      }
    } catch (IdentityException e) {
      return CompletableFuture.failedFuture(e);
    }
    return hashes.submit(
        passwords.cost().memoryBytes(), call, () -> create(username, password, call));
  }

  private User create(Username username, String password, Call call) {
    PasswordHash hash = passwords.hash(password);
    if (call.isOver()) {
      throw IdentityException.timedOut("the deadline passed before the user was stored");
    }
    User user = newUser(username, hash);
    if (!users.insert(user, call)) {
      throw taken(username);
    }
    return user;
  }

  private User newUser(Username username, PasswordHash hash) {
    String id = UUID.randomUUID().toString();
    var privateKey = new Ed25519PrivateKeyParameters(random);
    DidKey did = DidKey.ofEd25519(privateKey.generatePublicKey().getEncoded());
    return new User(
        id,
        username.text(),
        username.key(),
        hash.toPhc(),
        ROLE,
        did.id(),
        seal.seal(id, privateKey.getEncoded()),
        clock.instant());
  }

  private static void check(Username username, String password) {
    List<Violation> violations = new ArrayList<>();
    username.violation().ifPresent(violations::add);
    passwordViolation(password).ifPresent(violations::add);
    if (!violations.isEmpty()) {
      throw IdentityException.invalid(violations);
    }
  }

  private static Optional<Violation> passwordViolation(String password) {
    if (password.codePointCount(0, password.length()) < MIN_PASSWORD_CODE_POINTS) {
      return Optional.of(
          new Violation(
              "password", "must have at least " + MIN_PASSWORD_CODE_POINTS + " characters"));
    }
    if (Passwords.lengthInBytes(password) > MAX_PASSWORD_BYTES) {
      return Optional.of(
          new Violation("password", "must have at most " + MAX_PASSWORD_BYTES + " bytes"));
    }
    return Optional.empty();
  }

  private static IdentityException taken(Username username) {
    return new IdentityException(
        Reason.NAME_TAKEN, "the username '" + username.text() + "' is taken");
  }
}
