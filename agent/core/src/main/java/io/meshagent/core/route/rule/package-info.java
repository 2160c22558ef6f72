/**
 * A routing rule as it stands when it was read, and which of its clauses a call meets: no text is
 * parsed here but headers. Knows neither gRPC nor the directory.
 *
 * <p>Imports: {@code core.api}, {@code core.log}.
 */
package io.meshagent.core.route.rule;
