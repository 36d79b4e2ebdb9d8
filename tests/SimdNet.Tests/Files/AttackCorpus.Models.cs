using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

using SimdNet.Files;
using SimdNet.Tests.Support;

namespace SimdNet.Tests.Files;

/// <content>Models: safetensors, the model file and what it holds.</content>
internal static partial class AttackCorpus
{
    private static void AddSafetensors(Dictionary<string, Attack> attacks)
    {
        string sound = Tensor("a", "[2]", 0, 8);
        byte[] soundFile = SafetensorsFileTests.Safetensors("{" + sound + "}", 8);
        Add("empty", [], "length of the safetensors header");
        Add("length cut", soundFile[..7], "ends after 7 of the 8 bytes");
        Add("header 0", With(soundFile, 0, 0, 0, 0, 0, 0, 0, 0, 0), "declared to have 0 bytes");
        Add("header above the cap", With(soundFile, 0, 0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0), "declared to have 100000001 bytes");
        Add("header of 2^64 − 1", With(soundFile, 0, 255, 255, 255, 255, 255, 255, 255, 255), "declared to have 18446744073709551615");
        Add("header longer than the file", With(soundFile, 0, 0, 0, 16), "is declared to have 1048");
        Add("zip instead", "PK\u0003\u0004\u0014\0\0\0\b\0\0\0"u8.ToArray(), "no such file, or damaged");
        Add("header a list", Raw("[]"), "begin with '{'");
        Add("header begins with blanks", Raw(" {}"), "begin with '{'");
        Add("header no JSON", Raw("{\"a\":}"), "no valid JSON");
        Add("header cut", Raw("{" + sound, 8), "no valid JSON");
        Add("header goes on", Raw("{" + sound + "}{}", 8), "no valid JSON");
        Add("zeros as padding", Raw("{" + sound + "}\0\0", 8), "no valid JSON");
        Add("comment", Raw("{/* */" + sound + "}", 8), "no valid JSON");
        Add("nested deep", Raw("{\"a\":{\"shape\":" + new string('[', 10_000) + "}", 0), "no valid JSON");
        Add("invalid UTF-8", SafetensorsFileTests.Safetensors("{\"\u00ff\":1}", 0, Encoding.Latin1), "no valid UTF-8");
        Add("half a character", Raw("{" + Tensor("\\uD800", "[2]", 0, 8) + "}", 8), "no valid text");
        Add("half a character in the metadata", Raw("{\"__metadata__\":{\"a\":\"\\uDC00\"}}"), "no valid text");
        Add("name twice", Raw("{" + sound + "," + Tensor("a", "[0]", 8, 8) + "}", 8), "'a' twice");
        Add("name twice by an escape", Raw("{" + sound + "," + Tensor("\\u0061", "[0]", 8, 8) + "}", 8), "'a' twice");
        Add("metadata twice", Raw("{\"__metadata__\":{},\"__metadata__\":{}}"), "twice");
        Add("metadata key twice", Raw("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}"), "'k' twice");
        Add("metadata a number", Raw("{\"__metadata__\":{\"k\":1}}"), "a string for 'k'");
        Add("metadata a string", Raw("{\"__metadata__\":\"k\"}"), "an object for __metadata__");
        Add("tensor a number", Raw("{\"a\":1}"), "an object for the tensor 'a'");
        Add("dtype missing", Raw("{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", 8), "lacks dtype");
        Add("shape missing", Raw("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", 8), "lacks shape");
        Add("range missing", Raw("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8), "lacks data_offsets");
        Add("dtype twice", Raw("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8), "each once");
        Add("dtype other", Raw("{" + Tensor("a", "[2]", 0, 8, "C32") + "}", 8), "dtype 'C32'; F64, F32, F16, BF16");
        Add("dtype a number", Raw("{\"a\":{\"dtype\":1,\"shape\":[2],\"data_offsets\":[0,8]}}", 8), "a string for the dtype");
        Add("shape negative", Raw("{" + Tensor("a", "[-2]", 0, 8) + "}", 8), "whole numbers from 0");
        Add("shape not whole", Raw("{" + Tensor("a", "[2.0]", 0, 8) + "}", 8), "whole numbers from 0");
        Add("shape of strings", Raw("{" + Tensor("a", "[\"2\"]", 0, 8) + "}", 8), "whole numbers from 0");
        Add("shape a number", Raw("{" + Tensor("a", "2", 0, 8) + "}", 8), "a list for shape");
        Add("shape overflows", Raw("{" + Tensor("a", "[2147483647,2147483647,2147483647,4]", 0, 8) + "}", 8), "do not agree");
        Add("size disagrees", Raw("{" + Tensor("a", "[3]", 0, 8) + "}", 8), "do not agree");
        Add("range backwards", Raw("{" + Tensor("a", "[0]", 8, 0) + "}", 8), "no pair");
        Add("range of one", Raw("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8]}}", 8), "no pair");
        Add("range of three", Raw("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4,8]}}", 8), "at most 2");
        Add("range begins late", Raw("{" + Tensor("a", "[2]", 4, 12) + "}", 12), "a hole");
        Add("hole", Raw("{" + sound + "," + Tensor("b", "[1]", 12, 16) + "}", 16), "a hole");
        Add("overlap", Raw("{" + sound + "," + Tensor("b", "[1]", 4, 8) + "}", 8), "an overlap");
        Add("shared", Raw("{" + sound + "," + Tensor("b", "[2]", 0, 8) + "}", 8), "an overlap");
        Add("empty tensor inside another", Raw("{" + sound + "," + Tensor("b", "[0]", 4, 4) + "}", 8), "an overlap");
        Add("data cut", Raw("{" + sound + "}", 7), "cut short");
        Add("data and more", Raw("{" + sound + "}", 9), "something appended");
        Add("4 GB declared", Raw("{" + Tensor("a", "[1000000000]", 0, 2_000_000_000) + "}", 8), "do not agree");
        Add("2 GB declared", Raw("{" + Tensor("a", "[500000000]", 0, 2_000_000_000) + "}", 8), "cut short");

        void Add(string name, byte[] bytes, string expected) => attacks.Add("safetensors: " + name, new Attack(path => SafetensorsFile.Read(path), bytes, expected));

        static byte[] Raw(string header, int dataLength = 0) => SafetensorsFileTests.Safetensors(header, dataLength);
    }

    private static void AddModels(Dictionary<string, Attack> attacks)
    {
        const string Spec = "{\"inputs\":2,\"layers\":[{\"type\":\"dense\",\"units\":1,\"activation\":\"identity\",\"use_bias\":true,\"kernel_initializer\":\"zeros\",\"bias_initializer\":\"zeros\"}]}";
        Add("no metadata", Raw([]), "metadata lacks simdnet.spec");
        Add("no version", Raw([new("simdnet.spec", Spec)]), "metadata lacks simdnet.spec");
        Add("version of tomorrow", Model(version: "2"), "format version '2'");
        Add("version 0", Model(version: "0"), "format version '0'");
        Add("version no number", Model(version: "1.0"), "format version '1.0'");
        Add("version overflows", Model(version: "4294967297"), "format version '4294967297'");
        Add("spec no JSON", Model(spec: "{"), "metadata is damaged");
        Add("spec a list", Model(spec: "[]"), "metadata is damaged");
        Add("spec without layers", Model(spec: "{\"inputs\":2,\"layers\":[]}"), "0 parameters");
        Add("spec of another size", Model(spec: Spec.Replace("\"inputs\":2", "\"inputs\":3", StringComparison.Ordinal)), "has 4 parameters");
        Add("spec of 4 GB", Model(spec: Spec.Replace("\"units\":1", "\"units\":300000000", StringComparison.Ordinal)), "900000000 parameters");
        Add("spec of more than may be", Model(spec: Spec.Replace("\"units\":1", "\"units\":2147483647", StringComparison.Ordinal)), "the most that one block holds");
        Add("inputs 0", Model(spec: Spec.Replace("\"inputs\":2", "\"inputs\":0", StringComparison.Ordinal)), "at least 1");
        Add("units negative", Model(spec: Spec.Replace("\"units\":1", "\"units\":-1", StringComparison.Ordinal)), "at least 1");
        Add("units not whole", Model(spec: Spec.Replace("\"units\":1", "\"units\":1.5", StringComparison.Ordinal)), "whole number");
        Add("units twice", Model(spec: Spec.Replace("\"units\":1", "\"units\":1,\"units\":1", StringComparison.Ordinal)), "metadata is damaged");
        Add("key unknown", Model(spec: Spec.Replace("\"units\":1", "\"units\":1,\"\\u001b[2J\":1", StringComparison.Ordinal)), "[2J' of layer 1");
        Add("penalty negative", Model(spec: Spec.Replace("\"units\":1", "\"units\":1,\"l2\":-1", StringComparison.Ordinal)), "not negative");
        Add("penalty infinite", Model(spec: Spec.Replace("\"units\":1", "\"units\":1,\"l2\":1e999", StringComparison.Ordinal)), "not negative");
        Add("activation unknown", Model(spec: Spec.Replace("identity", "\\u001b[2J", StringComparison.Ordinal)), "is not an activation");
        Add("activation half a character", Model(spec: Spec.Replace("identity", "\\ud800", StringComparison.Ordinal)), "metadata is damaged");
        Add("layer unknown", Model(spec: Spec.Replace("dense", "exec", StringComparison.Ordinal)), "type 'exec' is not known");
        Add("layers nested 10,000 deep", Model(spec: Nested(10_000)), "metadata is damaged", 4 << 20);
        Add("layers nested 17 deep", Model(spec: Nested(17)), "deep within each other");
        Add("scaler no JSON", Model(inputScaler: "no"), "no valid JSON");
        Add("scaler of no number", Model(inputScaler: "{\"kind\":\"max\",\"offsets\":[0,0],\"divisors\":[1,0]}"), "a divisor is 0");
        Add("scaler of another width", Model(inputScaler: "{\"kind\":\"max\",\"offsets\":[0],\"divisors\":[1]}"), "1 columns");
        Add("class names no list", Model(classNames: "{}"), "not a list of names");
        Add("class names of numbers", Model(classNames: "[1,2]"), "not a name");
        Add("class names too many", Model(classNames: "[\"a\",\"b\",\"c\"]"), "do not fit");
        Add("class names nested deep", Model(classNames: new string('[', 10_000)), "metadata is damaged");
        Add("frozen layer beyond the last", Model(frozen: "1"), "metadata is damaged");
        Add("frozen layer negative", Model(frozen: "-1"), "metadata is damaged");
        Add("frozen layer overflows", Model(frozen: "4294967296"), "metadata is damaged");
        Add("weights of another shape", Model(blocks: [NamedBlock.Create<float>("W1", [1, 2], 1, 2), NamedBlock.Create<float>("b1", [3], 1)]), "W1 is 1x2");
        Add("weights of another name", Model(blocks: [NamedBlock.Create<float>("W2", [1, 2], 2, 1), NamedBlock.Create<float>("b1", [3], 1)]), "W1 is missing");
        Add("weights not finite", Model(blocks: [NamedBlock.Create<float>("W1", [1, float.NaN], 2, 1), NamedBlock.Create<float>("b1", [3], 1)]), "NaN at index 1");
        Add("weights beyond the precision", Model(blocks: [NamedBlock.Create<double>("W1", [1, 1e300], 2, 1), NamedBlock.Create<double>("b1", [3], 1)]), "at index 1");
        Add("variance below 0", Model(spec: "{\"inputs\":2,\"layers\":[{\"type\":\"batchnorm\"}]}", blocks: [.. new[] { "gamma1", "beta1", "running_mean1", "running_var1" }.Select(name => NamedBlock.Create<float>(name, [1, name == "running_var1" ? -1 : 1], 2))]), "running_var1 holds -1 at index 1");
        Add("weights twice over", Model(blocks: [NamedBlock.Create<float>("W1", [1, 2], 2, 1), NamedBlock.Create<float>("b1", [3], 1), NamedBlock.Create<float>("more", [3], 1)]), "holds 4 numbers");

        void Add(string name, byte[] bytes, string expected, long maxAllocation = 1 << 20) =>
            attacks.Add("model: " + name, new Attack(path => ModelFile.Load<float>(path), bytes, expected) { MaxAllocation = maxAllocation });

        static string Nested(int depth) =>
            "{\"inputs\":2,\"layers\":[" + string.Concat(Enumerable.Repeat("{\"type\":\"residual\",\"layers\":[", depth)) + "{\"type\":\"layernorm\"}" + string.Concat(Enumerable.Repeat("]}", depth)) + "]}";

        static byte[] Model(string version = "1", string spec = Spec, string? inputScaler = null, string? classNames = null, string? frozen = null, NamedBlock[]? blocks = null) => Raw(
            [
                new("simdnet.version", version),
                new("simdnet.spec", spec),
                .. Given("simdnet.input_scaler", inputScaler),
                .. Given("simdnet.class_names", classNames),
                .. Given("simdnet.frozen_layers", frozen),
            ],
            blocks);

        static KeyValuePair<string, string>[] Given(string key, string? value) => value is null ? [] : [new(key, value)];

        static byte[] Raw(KeyValuePair<string, string>[] metadata, NamedBlock[]? blocks = null)
        {
            using TemporaryFolder folder = new(inMemory: true);
            string path = folder.File("a");
            SafetensorsFile.Write(path, blocks ?? [NamedBlock.Create<float>("W1", [1, 2], 2, 1), NamedBlock.Create<float>("b1", [3], 1)], metadata);
            return File.ReadAllBytes(path);
        }
    }

    private static void AddSpecs(Dictionary<string, Attack> attacks)
    {
        Add("empty", "", "is not a number of inputs");
        Add("inputs negative", "-2,1", "'-2' is not a number of inputs");
        Add("inputs overflow", "2147483648,1", "is not a number of inputs");
        Add("inputs not whole", "2.0,1", "'2.0' is not a number of inputs");
        Add("layer empty", "2,,1", "'' is not a layer");
        Add("units 0", "2,0", "'0' is not a layer");
        Add("units enormous", "2,2147483647,2147483647", "the most that one block holds");
        Add("activation unknown", "2,3:exec", "'exec' is not an activation");
        Add("activation's number not finite", "2,3:elu(1e999)", "is not an activation");
        Add("activation's number negative", "2,3:elu(-1)", "is not an activation");
        Add("part unknown", "2,3:relu:rm", "'rm' in the layer");
        Add("penalty twice", "2,3:relu:l2=1:l2=2", "'l2' stands twice in the layer");
        Add("penalty negative", "2,3:relu:l2=-1", "not negative");
        Add("penalty NaN", "2,3:relu:l2=NaN", "not negative");
        Add("initializer unknown", "2,3:relu:kernel=evil", "evil");
        Add("dropout of all", "2,dropout(1)", "at least 0 and below 1");
        Add("dropout NaN", "2,dropout(NaN)", "dropout");
        Add("residual open", "2,residual(3", "residual(3");
        Add("residual of another width", "2,residual(3)", "End it in a layer of 2 units");
        Add("residual 10,000 deep", "2," + string.Concat(Enumerable.Repeat("residual(", 10_000)) + "2" + new string(')', 10_000), "more than 16 deep", 8 << 20);
        Add("brackets 10,000 deep", "2," + new string('(', 10_000), "is not a layer");

        // Read off a file as the tool reads it off its command line.
        void Add(string name, string text, string expected, long maxAllocation = 1 << 20) => attacks.Add(
            "spec: " + name,
            new Attack(path => NetworkSpec.Parse(File.ReadAllText(path)), Encoding.UTF8.GetBytes(text), expected) { Documented = typeof(FormatException), NamesFile = false, MaxAllocation = maxAllocation });
    }

    private static void AddScalers(Dictionary<string, Attack> attacks)
    {
        Add("empty", "", "no valid JSON");
        Add("NaN", "{\"kind\":\"max\",\"offsets\":[0],\"divisors\":[NaN]}", "no valid JSON");
        Add("NaN as text", "{\"kind\":\"max\",\"offsets\":[0],\"divisors\":[\"NaN\"]}", "finite numbers");
        Add("infinite", "{\"kind\":\"max\",\"offsets\":[0],\"divisors\":[1e999]}", "finite numbers");
        Add("divisor 0", "{\"kind\":\"max\",\"offsets\":[0],\"divisors\":[0]}", "a divisor is 0");
        Add("divisor below the least", "{\"kind\":\"max\",\"offsets\":[0],\"divisors\":[1e-999]}", "a divisor is 0");
        Add("lists of other lengths", "{\"kind\":\"max\",\"offsets\":[0,0],\"divisors\":[1]}", "the same length");
        Add("lists empty", "{\"kind\":\"max\",\"offsets\":[],\"divisors\":[]}", "at least 1");
        Add("kind unknown", "{\"kind\":\"exec\",\"offsets\":[0],\"divisors\":[1]}", "kind is max");
        Add("key twice", "{\"kind\":\"max\",\"kind\":\"max\",\"offsets\":[0],\"divisors\":[1]}", "each once");
        Add("lists in lists", "{\"kind\":\"max\",\"offsets\":[[0]],\"divisors\":[1]}", "no valid JSON");
        Add("half a character", "{\"kind\":\"\\ud800\",\"offsets\":[0],\"divisors\":[1]}", "no valid Unicode");

        void Add(string name, string text, string expected) => attacks.Add(
            "scaler: " + name, new Attack(path => Scaler<double>.FromJson(File.ReadAllText(path)), Encoding.UTF8.GetBytes(text), expected) { NamesFile = false });
    }
}
