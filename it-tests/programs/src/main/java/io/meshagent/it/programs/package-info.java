/**
 * Programs for the integration tests: what a test needs a program to do and the sample greeter does
 * not. JDK 8 and gRPC's public API of 1.22 only; they know of no agent.
 */
package io.meshagent.it.programs;
