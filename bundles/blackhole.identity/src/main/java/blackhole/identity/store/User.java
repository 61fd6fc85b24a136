package blackhole.identity.store;

import java.time.Instant;

/**
 * A registered user.
 *
 * @param name as the user writes it
 * @param nameKey by which names are told apart
 * @param passwordHash in PHC format
 * @param sealedKey the private key of the DID, sealed
 */
public record User(
    String id,
    String name,
    String nameKey,
    String passwordHash,
    String role,
    String did,
    byte[] sealedKey,
    Instant createdAt) {

  /** Not the secrets: they have no business in a log. */
  @Override
  public String toString() {
    return "User[" + id + ", " + name + "]";
  }
}
