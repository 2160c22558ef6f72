/**
 * The admin page of the JVM: a small HTTP server on a loop of its own. Takes what its pages show as
 * functions.
 *
 * <p>Imports: {@code core.log}, {@code core.run}.
 */
package io.meshagent.core.admin;
