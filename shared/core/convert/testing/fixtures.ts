// Archives made by xz 5.4.1, bzip2 1.0.8 and zstd 1.5.4, so that every format is tested where these tools are absent.
// Test data only; imports nothing.

/** Content of the archives: runs, repetitions, words and noise, the same for the same arguments. */
export function sample(sizeBytes: number, seed = 1): Uint8Array {
  const out = new Uint8Array(sizeBytes);
  const words = 'the quick brown fox ';
  let x = seed;
  const next = () => {
    x = (x ^ (x << 13)) >>> 0;
    x = (x ^ (x >>> 17)) >>> 0;
    x = (x ^ (x << 5)) >>> 0;
    return x;
  };
  for (let at = 0; at < sizeBytes; ) {
    const kind = next() % 4;
    const length = 1 + (next() % 300);
    const end = Math.min(sizeBytes, at + length);
    if (kind === 1 && at > 600) {
      const back = 1 + (next() % 600);
      for (let i = at; i < end; i++) out[i] = out[i - back] as number;
    } else if (kind === 2) {
      for (let i = at; i < end; i++) out[i] = words.charCodeAt((i - at) % words.length);
    } else if (kind === 3) {
      const noiseEnd = Math.min(end, at + 24);
      for (let i = at; i < noiseEnd; i++) out[i] = next();
      at = noiseEnd;
      continue;
    }
    at = end;
  }
  return out;
}

/** `sample(20_000)` and `sample(3_000, 7)`, as they are packed below. */
export const large = sample(20_000);
export const small = sample(3_000, 7);

const packed = {
  /** `large`, xz -0 */
  xzCrc64: [
    '/Td6WFoAAATm1rRGAgAhAQwAAACPmEGc4E4fBoldAABv/fqw4zQvCoh2EzIS+LwX6uTxQIC2HWaLiaxIONsuVN15Xcm3HDXoHWHo',
    'zyMNDsTi1Z2qmTPIYaXqvPjxk5y3VcCoTly/A83pmUXEgfEbXt5U3/TW0QztY0fOs+kLZrj1zyqahFWzSWn8eUpE19N2Vn4PXXMx',
    'WqDjVu7exug6+EhWS4zooElYZoWZBLuOzYZ7TkUXIOEFsHPGhi28VNEFNxS2iBVfibnGR/KFYe485YS0Cv4l/Rx+IF96UWWVJ4PJ',
    'W4u/y1N/b9hZQOmGtVNymLKwnQhgC1XTt69wXAiivFEUcVJKB4IZH17a0Yw9GKIN8jFIBEHj11OGab9cSErT9u0MN+W2si8mI0SI',
    'SHw9/xloDbaAHBNcMqLgDAkZ/R2vHVU/nrNaZ45uJjZT9wYcq0NA/OnfRddnhLPD1Snhr0krTI2dvfTBIao1Po71Z2zQLEpHw/AJ',
    'T7g+3H2N859hjOsQSxUq2R0UcbYO6xWSIrX8z1k3Z4tQB18x5SpRASLlm5MMBtnY0CeNN7QRC47dZ1Znk47OWtr3rhGEMbPMyl8a',
    'LPHvgZiWXxudMbcBI3LFJIbxVMkbVRldy1bw8WBoMa8ibikB6FSvWpjl3VqDJkeDc2Dt4C9IKVj/ZkGgK5y2+dxoBObx2Qe+1U11',
    'UisD9NZxhwlVf0PTsb2CkCmWTmawUGB97WAnsFa00qS5YVkrHnB426KKl3iumJ4hhClujYTj2Ftj3Sft2snXhV6kYs10koCX3N2g',
    'GQRRIMzMMX1SakxAFqv7pQZVmXOyjBuiAv3TiaJkP2De2v4YCsqdIxfpmnBeMVBU/jpL/oiuNQsZvHdGRBlUTBPBj5PbX6KbHxEo',
    'KYU3uP3EQSAbfXQ+sTaQ+7OqcFNh21ee+1dPbYjDfqXL01ntflpK/Y3jc5T1QyQmCVhs+TB/XnecILnvB85JbCuP+kpIbuBSEsje',
    'VizyvbPYmgSWQqUhR0RnqmoZY5fkGq8gBmJKJEfvzFd4CwTJjGQDxMLyOfflDmO53bur8BZP/cPohzfrlZ+/17J6ZfZ4M8pFNw3J',
    'U0pCR8moc/FW9tr1J1kyJyn+nu7JoaHpHq3gFXrwPZuC16TTCwLaQnXUF5nB7UMmYtUc5uZFo1NiMJvR9Yf5iOI0v/XjQ+e7Dbyg',
    '1H9ajBhfPhoA9zAHFHaAoWeOOsSXhBjbZHNK8OQNlv75N2ux/SbIxMyJOqOEEUoO96YkA2EKSqvd55fnXHfL8x1qN58iz0QyGRlL',
    'fiLZ9+QM1G1yAb22pRiLFzXwEyqy+n/xCYsphIHCBhFsQnCa4VFnJPK9rgUfJereN+s4kfCZj2wVBeU3SUCOKsTrfbq7hjGH8RCF',
    '8IxQLbtvdN3Y/Ii/ETrnXcqSW9ijddw/LcWACAILWFO7+eANfp8wCE09TVxG1h5HcFkOp5QfmEfS0R2xPVL8MZRpl4Sjs44f/NT5',
    'xXbMCef4LU9UxoqD6IKFv9HCPDAU/4uIFGdVJLew0aJ0pW2osCxnesY5+ORPRJUyFNozmIXTxodSPIi+HLLErOmK+DYioor97GX1',
    'foxrT2DNC1peDwPCkQkhx1HKOfmLMzwIxF7KhzMRR+mqYL9LnV+SQ1LNPVdEwiqyIJEPC19bFXDPRmdWSQTvyAcmbsbvDlnX9Beo',
    'BHpgFvRW0yAzrScPtCLss+o8g7EmAm8qze9AdQj5syRV/9IoUQlhdm3J3BQsoP4KX9r/HbV8TkdqFSTYIyzJvTxi5F6e06O7KA4G',
    '96iDepIbUKhLuVHcDVUXOTu0V4AUXJwMl1UbLj8OqMLOk1RXjPwHohbPsL6Cpfdr9ogIwggET3P+pNAMxMD9XNOb9vDTBCiAMf4z',
    '8yYnGNOPb6re+/WeQjkHRvqQgTtMtLrJoTmuonXUf4zq07X589s115409+MgRtHyN09twJmZZt+tfswRDEde/ck+xN1i66t5HLHh',
    'TOxFVHQcjcGhhTxSKQh7cltHI0YxGaRT5+OPn2Vd9W8YJbyUzyx8eE6Uo8/Rr8nn/p5u4dTI5oxsFUdVM6Mz3k8jc8XBSvFSMNqH',
    'aFkFIQrJK2id+nPdTDhocLBZmGdBRhHxpNK5P0ZcEggnFIpieLt2e27ix0fqclHd3UDExSxrr9h0lx+HeIoBuVfg0Bz0E8QhnvYe',
    'fg25giIpSxZwf9Gqyq2FlgLqqXqjOECV8btlhkuxRxMjAHUFDR8vR5jXkood/gEQaUrJATUAAAAAAHubqJqaPIEcAAGlDaCcAQDh',
    '+W3SscRn+wIAAAAABFla',
  ],
  /** `large`, xz -0 --check=crc32 --block-size=4096: five blocks */
  xzBlocks: [
    '/Td6WFoAAAFpIt42AgAhAQwAAACPmEGc4A//AYFdAABv/fqw4zQvCoh2EzIS+LwX6uTxQIC2HWaLiaxIONsuVN15Xcm3HDXoHWHo',
    'zyMNDsTi1Z2qmTPIYaXqvPjxk5y3VcCoTly/A83pmUXEgfEbXt5U3/TW0QztY0fOs+kLZrj1zyqahFWzSWn8eUpE19N2Vn4PXXMx',
    'WqDjVu7exug6+EhWS4zooElYZoWZBLuOzYZ7TkUXIOEFsHPGhi28VNEFNxS2iBVfibnGR/KFYe485YS0Cv4l/Rx+IF96UWWVJ4PJ',
    'W4u/y1N/b9hZQOmGtVNymLKwnQhgC1XTt69wXAiivFEUcVJKB4IZH17a0Yw9GKIN8jFIBEHj11OGab9cSErT9u0MN+W2si8mI0SI',
    'SHw9/xloDbaAHBNcMqLgDAkZ/R2vHVU/nrNaZ45uJjZT9wYcq0NA/OnfRddnhLPD1Snhr0krTI2dvfTBIao1Po71Z2zQLEpHw/AJ',
    'T7g+3H2N859hjOsQSxUq2R0UcbYO6xWSIrX8z1k3Z4tQB18xhvssAAAAAAAA/AdbWQIAIQEMAAAAj5hBnOAP/wHlXQAAa4fh2cXi',
    'BNFxnW/+tjk1wNQ+Ngug/PiOANZK+bDtBCfxDEypa0yX9z+dBKSoIlbgVfOeFIA9VhkkiQFOUjUSI50tTVztqZMaYZ9LyZlK3MCe',
    '/d+Cj0f5ePoiwMFT7n144I416LJ/QlTKisO/LBTIlj0lsu8oogcEW/Bd5iRJloMtLwxP+5CkltME99x0liyjXuU6PzIymCK9TE4u',
    'UtZJwjlxiAd0npnRkaKmQYzFkB3xSyfCFlDnUH7UJQBfz0WeQeYDNpQ7lR9IAQVx89GMM0ME1mj8N2Mymo9zXyTKfxYVtPehdueH',
    'TnjUpyIr0GDjpS5Tdo+S8FOAmsPIHW5sWr/2AUjF/Ba+dtaGujZr42Yhq4UtkebLE7T9ahmKM7PBK46C9JEWbr4UxdneoPWpr/4i',
    'oir+nxs5TQm7QCaTshhNr8XWEIGLxRKNSrUGa+3VDfK9uf0lE52XWqojt1gEOvPh7g3+Fj6Z9ExAG3k4XODGxXwYgg2V0i1cKQDO',
    'Z5+lkoZxW0FCGvk9NS23B8iJIPE+341QCVpPoQLBXZ00WQibhRg8Y22lRc417uUhPDVJV1q/A+gcwQuqpw7qQHmKAhzf16xpbRnU',
    'HopmBNLfRq6jgK8Clc+QvjwIbUKKDQQR5ha3AAAAAABnPyG6AgAhAQwAAACPmEGc4A//AWNdAABvOlpmghkS95n13+j1Bg7Fy0px',
    '/66htE09B7Mm3sElhF1xlmdljt+vaPImdIhlrnx4YOY5sCwtArcAcQvaX42i3ZQtFZ/RlSmx0ISOmEO3btrM4fxV8E4JgccTbDFU',
    'tJqd6qk0CkOFij1Xf+YRD4kGwfooAbD50cQxP/Bp0Iu6zSX0Ic+UlVKj7tloflBcHc1456VBFekuYXjEzHxLw9OTVLJ8Vow5ngJS',
    'j+likU10ViGugjnttvP3ldkQRRNiFQvyfBQknK4r2dInj+WwYf0Dhl7M30NM3gJ0P1Jzbyf9AtuE5Qgt1XtMHH1meJmuYFlIELx7',
    'iEO3MXc+3hsG4htjChZH6qTvINsQC6I8pWTZHXH+vE4NK3eSd1bjaESrK5UjpT85X5IGMaohVUJmp9/Bcmd/TiZIgxBHn4hdZ0nr',
    'syTals9Oye6grf04kR2hzH5thZF76zqEc6FctYSf1fqcFn4AAFkmMmwCACEBDAAAAI+YQZzgD/8BlV0AAG/9+yyCErWNKwOXSuRP',
    '2XsyhUmKJjoUbdysFwT+ZvRpz+i1rOtaGtGa/8+uygwp/3kTdnNh0vUVSVxcxGnd9v/BcqRc+DyfpMQG/tY8rPJmbuP1EHQLhaFU',
    'cYDjZFFYzcj09I5XBbcZpwXlw0mRViSRW4cC0KSpwtoXfzXTW/vArsEl1jHVJ4hV9F020K/Lv6Y9yQTPM/X19I6A+VNYKtausBdx',
    'X6UTxBcL3om1bZ3s58+YSNABf2uF4mWsTZWUgrWIXG4rwXtnihQYKMs6QWMmOFewG88x1vY1NnFW+Ve6D+W/ECjbXS0hMekdYgOT',
    '1VXbxFZKSy3iZHxmetDWvxAvEZqYcImPbubC60uNIc+Wfca/38keY9vKD9cqor6vOcivCoqh4gwiKViPvyUNKE9dTD103Yh6H8VG',
    'VPl7i+/JnxaTrTCgoEjHhvNf5pqg9mdO5mWdo2ID4qlyu3CZ0R2lNN+oJO4eXZbl1oTtgaE465od2nQK9E3TEr7LyhuUDbOCpTxg',
    'NZ9BWIWzXels6wpCvHAAAAAAAJ/qiTQCACEBDAAAAI+YQZzgDh8Az10ANBlABhI9yjswolaGL0j4Hyl64MJ+dKFxqq702h8VhCuB',
    '+Sy72wjbw5uNw2Xxxo0M3tw6sBHyzytTeHDIX6WcnOkV7B7wHdgjf4GyFyXLgGZbTb9IVUYqV5tOTXXSROGglkbTDsCS8iFAjS18',
    'CaHpRmvkkdnriAzmHbpwhHOBw0jhbtfZKi6vDmnaZeelxck2svPBaagrGZNLeswThiMwKc/YDwvpNbpVEnv4rYksfHGtqVAEyed6',
    'itCZvNYpjMC4ShdJ5PZGJa+fLRklcMYAAADd8e2vAAWZA4Ag/QOAIPsCgCCtA4Ag5wGgHAAAcTsGYihynBAGAAAAAAFZWg==',
  ],
  /** `small`, xz -0 --check=sha256 */
  xzSha256: [
    '/Td6WFoAAArh+wyhAgAhAQwAAACPmEGc4Au3ATddACGRW+n7z/P1mvDak0lwErE6WmORolfV4MUSY1LPsOqmz1GzVMxaolDUPgSy',
    'DuIMH+3IEMqvEFqNB0jkDLY9UDjrh9jX0uXofWZ1apS/09Frgm3M4pRTduhM8hgCxFQ3gF+X2TYv8bIinJ42JLi1AtIj22umqS19',
    '1qrZ0bZm6wZj2pA/IrlCOLWxcaEcm0xFA91ze4aO1EClXpbMuyJY4kaIJeCS+F6Qyj/Q5dk+w8Z9Q1v3shHydcA4JhUn/5Rd7YZT',
    'GZ+ffSEbkYtRb/Mu/2BZDce/H9rvSGOwLnUdPiNrsFzFqf4cda2GVYAuMB3E0436hrOxWNTlPsCie7AdLg8o60UjYm0/H09rnqJf',
    '4U9ETtiDboPEj0lLkvWHCLPB5CtPE/vMNDauAj4n6dZOE4h1DpWSMKcAAACTAUb3+zo0lA0gyCnidNxCbckxgfFgZaNS2JdPBCUj',
    'HwAB6wK4FwAAfL+5BLbp3xwCAAAAAApZWg==',
  ],
  /** `small`, xz -0 --check=none */
  xzNone: [
    '/Td6WFoAAAD/EtlBAgAhAQwAAACPmEGc4Au3ATddACGRW+n7z/P1mvDak0lwErE6WmORolfV4MUSY1LPsOqmz1GzVMxaolDUPgSy',
    'DuIMH+3IEMqvEFqNB0jkDLY9UDjrh9jX0uXofWZ1apS/09Frgm3M4pRTduhM8hgCxFQ3gF+X2TYv8bIinJ42JLi1AtIj22umqS19',
    '1qrZ0bZm6wZj2pA/IrlCOLWxcaEcm0xFA91ze4aO1EClXpbMuyJY4kaIJeCS+F6Qyj/Q5dk+w8Z9Q1v3shHydcA4JhUn/5Rd7YZT',
    'GZ+ffSEbkYtRb/Mu/2BZDce/H9rvSGOwLnUdPiNrsFzFqf4cda2GVYAuMB3E0436hrOxWNTlPsCie7AdLg8o60UjYm0/H09rnqJf',
    '4U9ETtiDboPEj0lLkvWHCLPB5CtPE/vMNDauAj4n6dZOE4h1DpWSMKcAAAAAAcsCuBcAAEq6FQOoAAr8AgAAAAAAWVo=',
  ],
  /** `large`, bzip2 -1 */
  bzip2: [
    'QlpoMTFBWSZTWQgaXFAAABp///////v///////////////////////+////////3////0AXbtq3dOrcAA3OlStGGpUIG1GnqZMhk',
    'ZNMTCNGTQaaZNMIMQ0aaNMI9Joek0ekYmQZA9RppoyGQ0xGQZMTaJhBtEwnlNGMpoyPUaMamJ6R7UT1MTQ9IzRBpUhGmmj1Gnqek',
    'yPUbQmmmmmQaNB6h6TQNDRo2iZMAE0whpkBsU9QNGGp6E9AGpo9TTRpoZHpHqZND1GTQMRkGTQNA0NDQaNNMjQakjVP1T9Uzyoei',
    'Mmhk00MJphGmmT1HqNN6oNHqPSeo0aGT1AMg0/VPRM1PUaaBkAaNAADQeoyBoPRNAND1NDR6TT1NGQDQB6gyNPSGgESpE0U0/Smn',
    '6p6Q8o9TIAAAPUAAPUAA0GgB6gPUGjR6nqBoGgAaaDIDQAB6QAAANDJtTQADIbU9RoABo0EAAAAAAAAAAAAAAAAAAAAAaAAAAAAA',
    'AAAAAAAAAAAAAAP1+wSUzHxRuAaAzNr3ZKaFy5pHyLflYBelskmdKmnmFiSMLTFmFF2AzEwOArXd1iOPtVRKsVcUQGqEAPRzxKBe',
    'c2Kgzfn0AAu3ymPHO2f1TCr2Co2TrGgAfnfOTrfkuQDqQgaLCRA4YHwWT8w8uacLl1ReG2ks2dAQc58MMBp4MkW/f1w+YkKNTkKw',
    'pnHgRCmrNB0PMMR/KObIqoHS3Epshr3UZtritB/pP1oVyhA0/RB2ZAhkrRlVe7v0STkfmPxq2mVziE8TYkfX6gom+eK+mv3CHoU8',
    'VJeQGLbahwvs1Y69Dn9QPa2znkKk8HkyBICAAAKQiq0kFAKYnywBRpxBSRUFbBggREYMEJgLRLYQmSfqybYx+7g4zPtaauz1m7bS',
    'Fe5KEh6TqsMKxIJAqowjtO8O7GAWAZZWRRnrppUlWFX5DLQ4gw3LKVYEIypixBOJWSlTYIjSK2oOJlkuo9yZcjcylzpilxobwvPg',
    'R+PfGEGpDVBgEIOAqp5OAeA5pRHBIg31MnoH9UI0U7vws3jLAA7EAxpQPRYoWGffHwCIC7RxtWVQ9SPwnhrXuvDmrWJwwIOVDvu7',
    'Surx6iKSOyiZDp+GGWE9Q5ltzWihMmZ25FqiYvF0GpFKrUJRDHQF0VbTije7lnpooq1MhX7wQF1RgZmpvUk8GlkDomCkKAjRnJui',
    'AnZ/bSwPu5A1Za44Qf+dzVpAe4ju2JJe1gpzVokJTyPNO7yMN4iIS5xfmNTpHaLl3BvD4TgnqIStPDyZsIwnsWItfBUIZF8UVtex',
    'iWp2euJpdgQNpweTwrc3JbVMreGFxG43+G57yMvktFDfDthF52AKpGCoeXPOMsFle7lT2TIUKq6kQRAcPlLsLfVfs9bVmAAgckx3',
    'u463BdniqDb4axAEB5eCI/8kzCRq5jNfIqguZYIpym0DYxVFb6AuSgdoddcoKhYxRB12Bm+47rTsDe8ZcYbrMXiz8OkN5MZiVHDk',
    'FvIKKkgil9mqOo+GsfN7m7jSCKKrEUV6os46E5SbHARAJaOWvoglnFVJAFUzJf4IuiqZwmAG9iFhETxIgmowD94rfwMrbUHbxu5X',
    'wBuYNbGUJj4vBxy8AvaKAToJREMjtmn0kTSoheQQtoJWh6UK6CX0pzdbW1KVrAN0x9PR7iuA0CMi/VCnHU4VIsiVY3XT0WETCRso',
    '1IgV9vQloRN4iP0xELGJXxkGtDCEU2CKOwyygLt1S0sKEBwMRa6IgLZ5yFd4afkU6ShxcVQHBza4qJ3/K5Et/H/uoAqlEFEycVMg',
    'EDyj1e6+5ZBwyMemiIsBZNXx7+EaBbKsBPMA5roM9KnD2MnVWIQe+XiEEkWiZj+gFnLLg7Y79UhAViCedRPLwRa6dCMA9z6Rz6gu',
    '4qxZYcg1nf0QmsI66l/2c4kiBQ05lrdkfOmoDjSvhPMhuBWH7/jwfDPM6ocWXwpOh6TtL0BVhW28WPofrptpNJgrRs4+UIzO8iVB',
    'wR9bgvSw/hFaSEkDkTJBE8JaKApe8+kREM0IMCBAVlQVIWAWjzMbFZzRNHTmQarViKHgob3C7mQN5GFEqYY2EJoCyPql+UwS8xUp',
    'BOE6JnDhQleh3fnuKCBdhSFIQUGhnz1xNn6EDIEB3+BC/0Aw0PtuSc5mM2j0p3qo8Bgc2p6jG6IsDD31z24LH3RQBY2YrrVvnGO3',
    'S+QO4sJzLj4z8tsOSmuui4Pu2i5Bx1ap/vIN8t/XXvDEIzuTNrLuqWojhHVDPFyoPZSoTAfEwF0FTzUDMdVjidy8CcA2A1kDK1Ab',
    'qCbkqsoXlCPFkKDOJYWzar4Q9EtNtUAWgRqyGAFCd6zGOrftl1MUA63fAuBU4DRAxkMG5FuKJt8G/iRlApnTak2DlMFjA39foMvM',
    'C5bCBEWkkq9AQUI6Cykc82fb/XbkgTZ3jQaCXFOTGUa1uzEyObXuFYuJDXdr6cRoL3spaT8hTEjgHJHS/LzC/pIkgjXSdiawVJC1',
    'X1D4hDDq18K+J1bdAhcGWCA0ziKYL6RncgomciqEITEpO1U3cu40m+7KyHPADIUxJJ5bRA2FCAH2F2ml5aIC5qqAKFS6zYFI5AoI',
    'qyzFUZpmHy3KDe4/72Zf5ylkbD8SxsveTDkyQRoBeJbQV02B0fNu+xwQVC2wvZjEBsGVJJRqi1/Uw6UrEAJ7dvYAJ/ftp+dL5oQj',
    'yIpxZq87phKx61WZhyBEmMeriWgeMVPY0FTTdcZCmui07a2DakptmgHvmaDd/xdyRThQkAgaXFA=',
  ],
  /** `large`, zstd -19 */
  zstd: [
    'KLUv/QRopTAAtEkAdGhlIHF1aWNrIGJyb3duIGZveCCu9bEICJEZM7nrT/IppeTbPlcUASjg9PoaQye36UVUrYU7s8zVtNTUVNON',
    'bSYAx2CFFMbABEwHTzl7OF2/ycDam+GQ97ygSArqoXAYZQ15EXGQGFpXpqrGnUDc1pot2oHukpS8bktuttUCCvn97l3gkciU3/cu',
    'WajKxjLnZZQWFZhP2K5Fnrgh+TMbcvkRUNdPJz/21tO4AtOF1MktbBL6uCY7Ljf1rSjpJtZL59s4Qi1XJ5Yr/Q4L/Tx53qbKw3L+',
    'vbM15tjmX3Lq18ZZIipNX4f8upDwmSIO9Fh/rv/6HvIi+XAEju9ImMFma/OW9/0A3RqzP/xjN/4YhKj6DrfYACaAAMCynyVIOomm',
    'z+UrzjYEX/4OG+2PFcwXDgU8qhSVgGW2/hAok6DB2IwMQylfgLzWg5684NCbzhLFPf+72OGzmLMP5HerS+HzOD1K8PBeJwR+Hyx5',
    'T7oA5w/QjGmiULoi2s0xrMK8omWLCGGCGM1IqJ8BuNv5a5I52EkpuyTftapJJesPA0m5dVjQBAy5MOrmsc1BvZ3mFrmsuvPfeNNC',
    'Ru2nPfxRwfmybx1Eny0iD1fh4agFs22Jj+Y6W/hb28MdZFR3gYjgA0BLRJL10X28e2q9LP6zDpK7kjyQHf6Iy4p4LmSxyKtsYO8d',
    'vo9TJnflV0W3hylNU4dZHVVD7KmjqLFHYSkeY9jKpFqv9x6GZPrti/s9roRgtPqDyrmdbNjcfscm3yJleq+V707layBlpjIOh8os',
    'Az/GxQZDY1G+Rq5Wkmx/etpcF6svqnozaO8+XRLxMPHwn6DDL/BBPV3+8C2XrJL+R8nQybYWxik3tlW57ypgEC7pnfMqIJa/j8mK',
    'dxM30UB41xWpJBclYI3ZhMsHVg1Mn4Fr3BVyIRd8wx09lBGLJUuDpHeQVkoQjO7tIk5VZSmyFG8JSMs0PeeaA9lilNeqs+qeyqEY',
    'Wepmh9wFwCAsPql3AHOkm4f801CoUmaoMiKQmVe+AHGLLzQTjPr00GMi9icun+n9HgiPi5HGKV3LVWb9oaDia47CWVsPxz6IWyuC',
    'oUZT6PVYBYHtX+G5peUOgDCpqIA+p9yPUqVaPi5TbWziM0g1M0YzOL6HH0/5c1a621qUTPo1HcyxyXNZRfl/AAF86AKgC/ZRlRDn',
    '7EuPTapB4N9qN/WE9AjD7GH7wz4JlZk2Qv+KxatUhSNuKG7EZ+gJQ5GrvBGAupN45boJqJYi9aDVOBdTCfsRv3gdn7j5emNEdTbf',
    '6bH21X24iVrYL9lrxawRa/9MrZ/i5xiYyVWJ5Uf7TCXZF6Fv7gFc8wnSa0j8j+3cYPSMFcErNqnBWzZTWDbUQw+xE6bfNS6j2y9U',
    'J5J3speXMVLL4hdRXGoVdnt6BmP28Z2pPGMAKA9hnLF4J+sdg2cX0dV5UnS7D1m4B/b2KrllqBN+zXpU2FHUTPqrAZ6gQBvT1eWL',
    'guVd3cqHgiLLROZBgznxVD4l1uACKYBpFK1M7fPnNPZOZh/QzVdtQxVcBiWYBMX0DnFjpcPuodoWmOQug9WH9RR4qKFKnMRJjAQu',
    'yQMghgiEDCGZtgESUBBwEBhBMINghCAhOEIYAgghwBiSBJo/ogBY0+QAUOD+PMGDK8TkpVMI6yRETXK7hCkzISZCLMQgUmQ96cCn',
    'W4+GRyaJgT1Cw9hrVj/p2qKy/GOkswapfggE77Y4RqIBqTpN/VbAa9bA/ddBQ6fecQCjZBcBSta7wA4gHyb/05VBg0SRNLPxLUsx',
    'qlWrT0R16igrgUoF+SFs6SMhQy8ZcDXUAIinAdUMudpxNMlHG+hwUAXBO3E4Fs7tdwPvN4pCoIC3thXN0D1scLK8BrTpu1T+DscU',
    'iShI5oENFzVnuEEAASyOhwAgUIZqyHgWCnAgnGrhCIQv18oHPEBjzYfN+eKNJjil3wATYPNSYv4HdQ9+8IEdFwCSLIXOgFAKaIKm',
    'PaUEnoeg4xxIeAB4kRrWGdIUp6Hi3bCBiwl2csbIJmQMLIwJjzDnIj4HER2TxFkLjv854ifMajBnTqXHSQ4SwBg+n2mK',
  ],
  /** `small`, zstd --fast=5 --no-check */
  zstdNoChecksum: [
    'KLUv/QBIXQsAxBBDRf+UulevCv3kqP5FNe3aPCswcFPYnEUAdGhlIHF1aWNrIGJyb3duIGZveCB0aGUgcXVpY2sgYnJvd24gZm94',
    'IHRoZSBxdWljayAAAADJ6KWHZupMjP+NM9aApnlfym/ULaJt/17fbSW7EGJ3C2ocHmyNxD5Yc87Tl70qURJmOQUNc9rLcUhYxhQZ',
    'hEOoWjMMEIvkPj40iPD3QCG1t/LJlbNYaUFn7rE92fp2CJMq+YLU7BFcf/loq434MGHDmW5C47Dgw7phUIoBihPf75rfnBYAAAAA',
    'AHiOVMe3ctIpo16t3uHyLHap/AnxVe32/AAAAAAA3Xvr+FAqZ7y7OPaKfJEFQxF4S2gH4rxIHgBAiApq9AH1EjjVhl9RkRwiAfrX',
    'MUoAKsU5tZS2yKYQx0EZh7ZyB/YJCb8rUEAAhd5yAJ0sCqavCOQ5BU83FM4YAeN30wGRMtNOSBdbBqcb3FKk4wpHoMANq8EY',
  ],
};

/** An archive of these. */
export function fixture(name: keyof typeof packed): Uint8Array {
  return Uint8Array.from(Buffer.from(packed[name].join(''), 'base64'));
}
