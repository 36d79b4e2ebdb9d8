using System;
using System.Collections.Generic;
using System.IO;

using SimdNet.IO;
using SimdNet.Tests.Support;
using SimdNet.Training.Checkpoints;

namespace SimdNet.Tests.Files;

/// <content>Checkpoints, whose checksum is right where nothing else is said: who writes a hostile file can count it.</content>
internal static partial class AttackCorpus
{
    private static void AddCheckpoints(Dictionary<string, Attack> attacks)
    {
        byte[] sound = Checkpoint(_ => { });
        Add("model instead", HostileReaders.Model<float>(), "no checkpoint: its metadata lacks a version");
        Add("one bit of the data", With(sound, -1, (byte)(sound[^1] ^ 1)), "its checksum does not fit");
        Add("cut", sound[..^1], "cut short");
        int version = Find(sound, "checkpoint.version"u8) + "checkpoint.version\":\"".Length;
        Add("version of tomorrow without its checksum", With(sound, version, (byte)'2'), "its checksum does not fit");
        Add("version 0", With(sound, version, (byte)'0'), "its checksum does not fit");
        Changed("steps negative", contents => contents.Set("steps", "-1"), "steps is no number from 0");
        Changed("steps overflow", contents => contents.Set("steps", "9223372036854775808"), "steps is no number from 0");
        Changed("seed no number", contents => contents.Set("seed", "x"), "its seed is no number");
        Changed("optimizer unknown", contents => contents.Set("optimizer", "\u001b[2J"), "its optimizer '?[2J' is none");
        Changed("optimizer with too few numbers", contents => contents.Set("optimizer", "sgd(0.1)"), "is none");
        Changed("optimizer with numbers out of range", contents => contents.Set("optimizer", "sgd(0.1,0,7,0)"), "contradicts itself");
        Changed("loss unknown", contents => contents.Set("loss", "\u001b[2J"), "its loss '?[2J' cannot be made");
        Changed("batches of no row", contents => contents.Set("max_batch", 0), "contradicts itself");
        Changed("bound no number", contents => contents.Set("clip_norm", "x"), "its clip_norm is no number");
        Changed("bound negative", contents => contents.Set("clip_norm", "-1"), "contradicts itself");
        Changed("memory of a thousand steps declared", contents => contents.Set("optimizer", "lbfgs(1,0,1000,1e-05)"), "moment/2 is missing");
        Changed("moment too short", contents => contents.Set<float>("moment/1", [1]), "moment/1 has 1 elements");
        Changed("moment of the other precision", contents => contents.Set<double>("moment/1", new double[9]), "moment/1 has 9 elements of Float64");
        Changed("moment infinite", contents => contents.Set<float>("moment/1", [0, 0, 0, 0, 0, 0, 0, 0, float.PositiveInfinity]), "a moment holds");
        Changed("learning rate no number", contents => contents.Set<double>("learning_rate", [double.NaN]), "the learning rate is NaN");
        Changed("fit of no epoch", contents => contents.Set("fit.epoch", 1), "fit/sums is missing");
        Changed("two billion callbacks", contents =>
        {
            contents.Set("fit.epoch", 1);
            contents.Set<double>("fit/sums", [0, 0, 0]);
            contents.Set("fit.callbacks", 2_000_000_000);
        }, "no number from 0 to 1000");
        Changed("epoch 0", contents =>
        {
            contents.Set("fit.epoch", 0);
            contents.Set<double>("fit/sums", [0, 0, 0]);
            contents.Set("fit.callbacks", 0);
        }, "its epoch is 0");

        Changed("history of another epoch than is done", contents =>
        {
            contents.Set("fit.epoch", 2);
            contents.Set("fit.rows_done", 0);
            contents.Set<double>("fit/sums", [0, 0, 0]);
            contents.Set("fit.callbacks", 0);
            contents.Set<double>("history", new double[12], 2, 6);
        }, "its history has 12 numbers, and 1 epochs are done");

        void Changed(string name, Action<CheckpointContents> change, string expected) => Add(name, Checkpoint(change), expected);

        // A trainer of the smallest network takes a tile's workspace.
        void Add(string name, byte[] bytes, string expected) => attacks.Add("checkpoint: " + name, new Attack(Read, bytes, expected) { MaxAllocation = 4 << 20 });

        static void Read(string path)
        {
            CheckpointContents contents = CheckpointFile.Read(path, out bool isNewer);
            Trainer<float>.Of(isNewer ? throw CheckpointFile.Newer(contents) : contents, new());
        }

        static byte[] Checkpoint(Action<CheckpointContents> change)
        {
            using TemporaryFolder folder = new(inMemory: true);
            Trainer<float> trainer = new(NetworkSpec.Parse("2,2:tanh,1").Build<float>(), Loss.MeanSquaredError, new Sgd { Momentum = 0.9 });
            CheckpointContents contents = trainer.Checkpointed(new Dictionary<string, string>());
            change(contents);
            string path = folder.File("a");
            CheckpointFile.Write(path, contents, DiskOperations.Instance);
            return File.ReadAllBytes(path);
        }
    }
}
