/**
 * One program that does what a program may do with gRPC's API and prints what it sees, so that two
 * runs can be compared line by line. Public API of 1.22 only; it knows of no agent.
 */
package io.meshagent.it.programs.semantics;
