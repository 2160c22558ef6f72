/**
 * Ways to spread calls over instances. Knows neither gRPC nor the registry.
 *
 * <p>Imports: {@code core.api}.
 */
package io.meshagent.core.balance;
