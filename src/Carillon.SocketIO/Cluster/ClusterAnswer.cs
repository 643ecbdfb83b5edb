namespace Carillon.SocketIO.Cluster;

/// <summary>What one socket, or a node's own handler, answered: the first argument as JSON, and attachments.</summary>
internal sealed record ClusterAnswer(string SocketId, byte[] Json, byte[][] Attachments);
