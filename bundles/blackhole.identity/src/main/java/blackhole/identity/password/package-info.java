/** Argon2id password hashes, and how many of them run at once. */
@NullMarked
package blackhole.identity.password;

import org.jspecify.annotations.NullMarked;
