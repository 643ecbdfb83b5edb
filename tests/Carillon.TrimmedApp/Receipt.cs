namespace Carillon.TrimmedApp;

/// <summary>What handlers acknowledge, and what they refuse with.</summary>
internal sealed record Receipt(Order? Order, string Text);
