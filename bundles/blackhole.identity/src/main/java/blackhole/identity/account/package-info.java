/** Users: their names, their passwords, and how fast passwords may be guessed. */
@NullMarked
package blackhole.identity.account;

import org.jspecify.annotations.NullMarked;
