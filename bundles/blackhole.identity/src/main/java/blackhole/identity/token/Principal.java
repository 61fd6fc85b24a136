package blackhole.identity.token;

/** Whom a token speaks for. */
public record Principal(String userId, String did, String role) {}
